"""The order of seminars, and which dates touch a period."""

from datetime import date, datetime, timedelta

from cms.calendar import TOKYO
from plugins.seminars.models import Occurrence, SeminarPage
from tests.factories.seminars import OccurrenceFactory, SeminarPageFactory

NOW = datetime(2010, 2, 10, 12, 0, tzinfo=TOKYO)


def seminar(index, *starts, year=2009):
    page = SeminarPageFactory(parent=index, fiscal_year=year)
    for start in starts:
        OccurrenceFactory(page=page, start=start)
    return page


def test_in_order_puts_the_next_first_and_the_latest_past_before_older_ones(index):
    older = seminar(index, NOW - timedelta(days=300))
    recent = seminar(index, NOW - timedelta(days=30))
    later = seminar(index, NOW + timedelta(days=30))
    soon = seminar(index, NOW + timedelta(days=3))
    undated = seminar(index)
    forgotten = seminar(index, year=2005)
    ordered = list(SeminarPage.objects.in_order(at=NOW))
    assert ordered == [soon, later, undated, recent, older, forgotten]
    assert [page.is_past for page in ordered] == [False, False, False, True, True, True]


def test_a_seminar_is_past_once_its_last_occurrence_is_over(index):
    page = seminar(index, NOW - timedelta(days=1), NOW + timedelta(days=13))
    assert list(SeminarPage.objects.upcoming(at=NOW)) == [page]
    assert list(SeminarPage.objects.upcoming(at=NOW + timedelta(days=14))) == []


def test_touching_takes_the_days_of_japan(index):
    page = seminar(index, datetime(2010, 2, 9, 23, 0, tzinfo=TOKYO))
    days = [date(2010, 2, day) for day in (8, 9, 10, 11)]
    found = [Occurrence.objects.touching(day, day).exists() for day in days]
    assert found == [False, True, True, False]
    assert page.held[0].end.astimezone(TOKYO).day == 10


def test_upcoming_occurrences_are_those_not_over(index):
    seminar(index, NOW - timedelta(hours=3), NOW - timedelta(hours=4), NOW + timedelta(days=1))
    assert Occurrence.objects.upcoming(at=NOW).count() == 2
