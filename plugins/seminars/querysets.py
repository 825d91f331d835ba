"""Reads of seminars, chainable."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import BooleanField, Case, F, Max, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce

from cms.calendar import fiscal_year_of, now
from cms.calendar.clock import day_start
from cms.pages.querysets import ShownPages


class SeminarPageQuerySet(ShownPages):
    """Seminars know when they begin and end from their occurrences; one without any is still to come."""

    def with_dates(self) -> Self:
        """Add `first_start` and `last_end`; an occurrence without an end counts by its start."""
        return self.annotate(
            first_start=Min("occurrences__start"),
            last_end=Max(Coalesce("occurrences__end", "occurrences__start")),
        )

    def in_order(self, *, at: datetime | None = None) -> Self:
        """What is still to come, the next one first; then what is past, the latest first. Adds `is_past`."""
        moment = at or now()
        over = Q(last_end__lt=moment) | Q(last_end=None, fiscal_year__lt=fiscal_year_of(moment))
        is_past = Case(When(over, then=True), default=False, output_field=BooleanField())
        next_first = Case(When(is_past=False, then="first_start"))
        latest_first = [F("fiscal_year").desc(), F("first_start").desc(nulls_last=True), "-pk"]
        dated = self.with_dates().annotate(is_past=is_past)
        return dated.order_by("is_past", next_first.asc(nulls_last=True), *latest_first)

    def upcoming(self, *, at: datetime | None = None) -> Self:
        """Those of which something is still to come, or which have no date yet."""
        return self.in_order(at=at).filter(is_past=False)


SESSION_FIELDS = ("id", "key", "label", "start", "end", "attendance", "sort_order")


class OccurrenceQuerySet(QuerySet[Any]):
    """Single dates of seminars."""

    def joined_with_sessions(self) -> Self:
        """Give one row a session, with the session's fields as `session_*`; one row for an occurrence without any."""
        fields = {f"session_{name}": F(f"sessions__{name}") for name in SESSION_FIELDS}
        return self.annotate(**fields).order_by("sort_order", "pk", "session_sort_order")

    def touching(self, first: date, last: date) -> Self:
        """Those of which at least a part lies in the days from `first` to `last` in Japan."""
        return self.filter(start__lt=day_start(last + timedelta(days=1))).filter(
            Q(end__gt=day_start(first)) | Q(start__gte=day_start(first))
        )

    def upcoming(self, *, at: datetime | None = None) -> Self:
        """Those that are not over yet."""
        moment = at or now()
        return self.filter(Q(end__gte=moment) | Q(start__gte=moment))
