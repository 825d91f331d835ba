"""News."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import PageManager
from wagtail.search import index

from cms.calendar import today
from cms.pages.querysets import ShownPages

from .base import BodyPage

PAGE_SIZE = 20


class NewsPage(BodyPage):
    """One piece of news."""

    template = "pages/news_page.html"
    date = models.DateField(_("date"), default=today, help_text=_("Printed with the news and used for their order."))

    objects: ClassVar[Any] = PageManager.from_queryset(ShownPages)()

    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [BodyPage.content_panels[0], FieldPanel("date"), *BodyPage.content_panels[1:]]
    search_fields = [*BodyPage.search_fields, index.FilterField("date")]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    @property
    def search_day(self) -> datetime.date:
        return self.date


class NewsIndexPage(BodyPage):
    """All news, the latest first."""

    template = "pages/news_index_page.html"
    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = ["pages.NewsPage"]

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.child_of(self).shown().order_by("-date", "-pk")
        return {**context, "page_obj": Paginator(news, PAGE_SIZE).get_page(request.GET.get("page"))}
