"""News."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms.calendar import today
from cms.calendar.clock import day_start
from cms.pages.querysets import NewsQuerySet, free_slug

from .base import BodyPage

PAGE_SIZE = 20
# A title may hold control characters, which XML forbids and Django refuses to write.
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


class NewsPage(BodyPage):
    """One piece of news."""

    address_word = "news"
    template = "pages/news_page.html"
    date = models.DateField(_("date"), default=today, help_text=_("Printed with the news and used for their order."))
    home_until = models.DateField(
        _("on the home page until"),
        null=True,
        blank=True,
        help_text=_("The last day there; it stays in the list of news. Empty: until newer ones take its place."),
    )

    objects: ClassVar[Any] = PageManager.from_queryset(NewsQuerySet)()

    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        BodyPage.content_panels[0],
        FieldPanel("date"),
        FieldPanel("home_until"),
        *BodyPage.content_panels[1:],
    ]
    search_fields = [*BodyPage.search_fields, index.FilterField("date")]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    @classmethod
    def initial_values(cls, parent: Page) -> dict[str, Any]:
        """Propose today as the address, numbered where there is news of today: a Japanese title makes none."""
        slug = free_slug(parent=parent, wanted=f"{today():%Y%m%d}")
        return {**super().initial_values(parent), "slug": slug}

    @property
    def search_day(self) -> datetime.date:
        return self.date

    def is_new(self, *, days: int) -> bool:
        """Say whether it was dated within the last so many days, today being the first."""
        return today() - datetime.timedelta(days=days) < self.date <= today()


class NewsIndexPage(BodyPage):
    """All news, the latest first."""

    address_word = "news"
    template = "pages/news_index_page.html"
    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = ["pages.NewsPage"]

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "page_obj": Paginator(self._news(), PAGE_SIZE).get_page(request.GET.get("page"))}

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Give the latest news that this reader may read to a feed reader, as Atom."""
        address = self.get_full_url(request) or ""
        feed = Atom1Feed(
            title=self.title.translate(_CONTROLS),
            link=address,
            description=self.summary.translate(_CONTROLS),
            language=self.language,
            feed_url=f"{address}feed/",
        )
        for item in self._news()[:PAGE_SIZE]:
            day = day_start(item.date)
            feed.add_item(
                title=item.title.translate(_CONTROLS),
                link=item.get_full_url(request) or "",
                description=item.summary.translate(_CONTROLS),
                unique_id=f"urn:uuid:{item.translation_key}",
                pubdate=day,
                updateddate=item.last_published_at or day,
            )
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

    def _news(self) -> NewsQuerySet:
        news: NewsQuerySet = NewsPage.objects.child_of(self).shown().order_by("-date", "-pk")
        return news
