"""Reads of the core's pages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from cms.plugin_api.pages import enabled

if TYPE_CHECKING:
    from wagtail.models import Page


class ShownPages(PageQuerySet):
    """Pages as a visitor may see them in a list."""

    def shown(self) -> ShownPages:
        """Leave out drafts, pages behind a login or password, and pages of plugins that are off."""
        listed = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        above = PageViewRestriction.objects.alias(listed_path=listed).filter(listed_path__startswith=F("page__path"))
        return enabled(self.live().exclude(Exists(above)))

    def below(self, page: Page) -> ShownPages:
        """Keep the pages anywhere below this one."""
        return self.descendant_of(page)


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
