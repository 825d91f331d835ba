"""A page type and an ordinary model."""

from django.db import models

from cms.pages.models import BodyPage


class DummyPage(BodyPage):
    """A page that children of any type may live below."""

    template = "dummy/dummy_page.html"


class Thing(models.Model):
    """Edited through a generic viewset."""

    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name
