"""Reads that join seminars, their occurrences and the meetings that they belong to."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cms.pages.models import MeetingPage
from cms.plugin_api import Impact
from cms.plugin_api.points import CalendarEntry, CalendarQuery

from .models import Occurrence, SeminarPage
from .querysets import OccurrenceQuerySet

COMING_SHOWN = 5


def impact() -> list[Impact]:
    """Count what visitors stop seeing when the plugin is switched off."""
    live = SeminarPage.objects.live()
    return [
        Impact(label=_("Live seminar pages"), count=live.count()),
        Impact(label=_("Occurrences still to come"), count=Occurrence.objects.filter(page__in=live).upcoming().count()),
    ]


def entries_within(query: CalendarQuery) -> Iterator[CalendarEntry]:
    """Give the occurrences that everybody may see and that touch the period: one query."""
    dates = Occurrence.objects.touching(query.start, query.end).filter(page__in=SeminarPage.objects.shown())
    if query.fiscal_year:
        dates = dates.filter(page__fiscal_year=query.fiscal_year)
    for occurrence in dates.select_related("page").annotate(siblings=Count("page__occurrences")).order_by("start"):
        yield occurrence.page.calendar_entry(occurrence, several=occurrence.siblings > 1, request=query.request)


def coming() -> OccurrenceQuerySet:
    """Return the next occurrences that the reader of this request may see, with their pages and `siblings`."""
    dates = Occurrence.objects.upcoming().filter(page__in=SeminarPage.objects.shown()).order_by("start")
    return dates.select_related("page").annotate(siblings=Count("page__occurrences"))[:COMING_SHOWN]


def seminars_of_meeting(meeting: MeetingPage) -> list[tuple[SeminarPage, str]]:
    """Return the seminars that visitors see and that the meeting decided or was held together with, with the words."""
    related = SeminarPage.objects.shown().filter(Q(decided_by=meeting.pk) | Q(held_with=meeting.pk))
    return [(page, _relation(page, meeting)) for page in related.with_dates().order_by("first_start", "pk")]


def _relation(page: SeminarPage, meeting: MeetingPage) -> str:
    return str(_("decided here") if page.decided_by_id == meeting.pk else _("held together"))
