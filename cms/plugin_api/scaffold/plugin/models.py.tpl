"""What is stored."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.pages.models import BodyPage

from .querysets import ${Camel}QuerySet


class Entry(models.Model):
    """A page that was published, and when."""

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    published_at = models.DateTimeField(_("published"))

    objects = ${Camel}QuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.page.title


class ${Camel}Page(BodyPage):
    """A page that shows the list below its body."""

    template = "${slug}/${slug}_page.html"

    parent_page_types = ["pages.HomePage", "pages.SectionPage"]

    class Meta:
        verbose_name = _("list of new pages")
        verbose_name_plural = _("lists of new pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "entries": Entry.objects.shown()[:10]}
