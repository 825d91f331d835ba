"""What the plugin gives to the core, and what switching it off takes away."""

from datetime import date, timedelta

from django.apps import apps

from cms.calendar import now
from cms.plugin_api.points import CalendarQuery
from cms.plugin_api.state import state_read_once
from plugins.seminars.contrib import calendar_entries, page_sidebar
from tests.factories.pages import MeetingPageFactory
from tests.factories.seminars import START, OccurrenceFactory, SeminarPageFactory

FEBRUARY = CalendarQuery(start=date(2010, 2, 1), end=date(2010, 2, 28))


def meeting(parent):
    return MeetingPageFactory(parent=parent, number=2, start=START, end=START + timedelta(hours=1))


def test_calendar_entries_are_the_dates_in_the_period(index):
    page = SeminarPageFactory(parent=index, title="本会の会")
    OccurrenceFactory(page=page, venue_city="東京")
    OccurrenceFactory(page=page, venue_city="仙台", start=START + timedelta(days=60))
    assert [entry.title for entry in calendar_entries(FEBRUARY)] == ["本会の会（東京開催）"]


def test_calendar_entries_leave_drafts_out(index):
    OccurrenceFactory(page=SeminarPageFactory(parent=index, live=False))
    assert list(calendar_entries(FEBRUARY)) == []


def test_calendar_entries_follow_the_fiscal_year(index):
    OccurrenceFactory(page=SeminarPageFactory(parent=index))
    other = CalendarQuery(start=FEBRUARY.start, end=FEBRUARY.end, fiscal_year=2010)
    assert list(calendar_entries(other)) == []


def test_calendar_entries_take_as_many_queries_for_thirty_as_for_one(index, django_assert_num_queries):
    OccurrenceFactory(page=SeminarPageFactory(parent=index))
    list(calendar_entries(FEBRUARY))
    with state_read_once(), django_assert_num_queries(2):
        assert len(list(calendar_entries(FEBRUARY))) == 1
    for _number in range(29):
        OccurrenceFactory(page=SeminarPageFactory(parent=index))
    with state_read_once(), django_assert_num_queries(2):
        assert len(list(calendar_entries(FEBRUARY))) == 30


def test_a_meeting_shows_the_seminars_that_belong_to_it(index, meetings, rf):
    page = meeting(meetings)
    decided = SeminarPageFactory(parent=index, decided_by=page)
    together = SeminarPageFactory(parent=index, held_with=page)
    SeminarPageFactory(parent=index, decided_by=page, live=False)
    (card,) = page_sidebar(page, rf.get("/"))
    assert card.context["seminars"] == [(decided, "この会議で開催を決定"), (together, "同時開催")]


def test_a_meeting_page_prints_its_seminars(index, meetings, client):
    page = meeting(meetings)
    seminar = SeminarPageFactory(parent=index, title="本会の会", decided_by=page)
    html = client.get(page.url).content.decode()
    card = html[html.index('<aside class="page__sidebar"') :]
    assert f'<a href="{seminar.url}">本会の会</a>' in card
    assert "この会議で開催を決定" in card


def test_other_pages_have_no_card(index, meetings, rf):
    assert page_sidebar(meeting(meetings), rf.get("/")) == []
    assert page_sidebar(index, rf.get("/")) == []


def test_impact_counts_what_visitors_would_miss(index):
    OccurrenceFactory(page=SeminarPageFactory(parent=index), start=now() + timedelta(days=1))
    OccurrenceFactory(page=SeminarPageFactory(parent=index))
    OccurrenceFactory(page=SeminarPageFactory(parent=index, live=False), start=now() + timedelta(days=1))
    assert [line.count for line in apps.get_app_config("seminars").impact()] == [2, 1]
