"""The home page and the plain pages below it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.calendar import FiscalYear, now, today
from cms.calendar.clock import day_start
from cms.pages.querysets import ShownPages
from cms.plugin_api.points import CalendarEntry, CalendarQuery, calendar_entries
from cms.site.storage.page_cache import limit_answer

from .base import BodyPage
from .meetings import MeetingPage
from .news import NewsPage

NEWS_SHOWN = 5
ENTRIES_SHOWN = 6
AHEAD = timedelta(days=365)


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
    def subpages(self) -> ShownPages:
        """The pages below this one that a visitor may see."""
        return ShownPages(Page).child_of(self).shown()


class HomePage(BodyPage):
    """The front of the site: what is new, what is coming, and the way to everything else."""

    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    new_for_days = models.PositiveSmallIntegerField(
        _("days for which news is marked as new"),
        default=14,
        validators=[MaxValueValidator(366)],
        help_text=_("Counted from the date of the news. 0: nothing is marked."),
    )

    content_panels = [*BodyPage.content_panels, FieldPanel("new_for_days")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        coming = coming_entries(request)
        return {
            **context,
            "news": self._news(request),
            "coming": coming,
            "entries": coming or latest_entries(request),
            "sections": ShownPages(Page).child_of(self).shown(),
        }

    def _news(self, request: HttpRequest) -> list[tuple[NewsPage, bool]]:
        """Return the news with whether each is new, and have the answer kept no longer than all of it holds."""
        shown = list(NewsPage.objects.descendant_of(self).shown().on_home_page(now())[:NEWS_SHOWN])
        limit_answer(request, min((item.expire_at for item in shown if item.expire_at), default=None))
        return [(item, item.is_new(days=self.new_for_days)) for item in shown]


def coming_entries(request: HttpRequest | None = None) -> list[CalendarEntry]:
    """Return what begins or goes on from today within a year, meetings and what the plugins hold, the next first."""
    query = CalendarQuery(start=today(), end=today() + AHEAD, request=request)
    return sorted(_entries(query), key=lambda entry: entry.start)[:ENTRIES_SHOWN]


def latest_entries(request: HttpRequest | None = None) -> list[CalendarEntry]:
    """Return the last of what was held in the fiscal year of the last meeting, the latest first."""
    last = MeetingPage.objects.shown().filter(start__isnull=False).order_by("-start").first()
    if last is None:
        return []
    year = FiscalYear.of(last.start)
    query = CalendarQuery(start=year.start, end=year.end, fiscal_year=year.year, request=request)
    return sorted(_entries(query), key=lambda entry: entry.start, reverse=True)[:ENTRIES_SHOWN]


def _entries(query: CalendarQuery) -> list[CalendarEntry]:
    meetings = MeetingPage.objects.shown().within(day_start(query.start), day_start(query.end + timedelta(days=1)))
    held = [meeting.calendar_entry(query.request) for meeting in meetings]
    return [*(entry for entry in held if entry), *calendar_entries.collect(query)]
