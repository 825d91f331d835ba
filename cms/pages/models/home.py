"""The home page and the plain pages below it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.pages.querysets import ShownPages

from .base import BodyPage


class SectionPage(BodyPage):
    """A page of text, and the pages below it."""

    template = "pages/section_page.html"
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Where this comes from. Example: Activity report, FY2009")
    )

    content_panels = [*BodyPage.content_panels, FieldPanel("source")]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    @property
    def sections(self) -> Any:
        """The pages below this one that a visitor may see."""
        return ShownPages(Page).shown().child_of(self)


class HomePage(BodyPage):
    """The front of the site: what is new, what is coming, and the way to everything else."""

    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
