"""Reads of the core's pages."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from wagtail.query import PageQuerySet

from cms.access.selectors import Reader, readable_pages
from cms.calendar.clock import tokyo_date
from cms.plugin_api.pages import enabled

if TYPE_CHECKING:
    from wagtail.models import Page

MAX_SLUG = 255


def free_slug(*, parent: Page, wanted: str, page_id: int | None = None) -> str:
    """Return the slug, or the first of slug-2, slug-3 … that no page below the parent has, save the one named."""
    others = parent.get_children().exclude(pk=page_id).filter(slug__startswith=wanted[: MAX_SLUG - 5])
    taken = set(others.values_list("slug", flat=True))
    candidates = (wanted if number == 1 else f"{wanted[: MAX_SLUG - 5]}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)


class ShownPages(PageQuerySet):
    """Pages as people may see them in a list."""

    def shown(self, reader: Reader | None = None) -> ShownPages:
        """Leave out drafts, off plugins' pages, and what the reader (this request's, if none is given) may not read."""
        return enabled(readable_pages(self.live(), reader))

    def below(self, page: Page) -> ShownPages:
        """Keep the pages anywhere below this one."""
        return self.descendant_of(page)


class NewsQuerySet(ShownPages):
    """Reads of news."""

    def on_home_page(self, at: datetime) -> NewsQuerySet:
        """Leave out what has had its time, also where no worker has taken it down yet; the newest first."""
        had_its_day = Q(home_until__lt=tokyo_date(at)) | Q(expire_at__lte=at)
        return self.exclude(had_its_day).order_by("-date", "-pk")


class MeetingQuerySet(ShownPages):
    """Reads of meetings."""

    def in_fiscal_year(self, year: int) -> MeetingQuerySet:
        return self.filter(fiscal_year=year)

    def in_series(self, series: Any) -> MeetingQuerySet:
        return self.filter(series=series)

    def latest_first(self) -> MeetingQuerySet:
        """By fiscal year and time; what has no time yet comes before what has."""
        return self.order_by("-fiscal_year", "-start", "-number")

    def upcoming(self, now: datetime | None = None) -> MeetingQuerySet:
        """Not over yet, the next one first."""
        return self.filter(end__gte=now or timezone.now()).order_by("start")

    def within(self, start: datetime, end: datetime) -> MeetingQuerySet:
        """Touching the time from `start` to before `end`."""
        return self.filter(start__lt=end, end__gte=start)
