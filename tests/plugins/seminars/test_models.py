"""What a seminar knows of itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from plugins.seminars.models import Occurrence, SeminarPage
from tests.factories.seminars import START, OccurrenceFactory, SeminarPageFactory, SessionFactory, talk


@pytest.fixture
def seminar(index):
    return SeminarPageFactory(parent=index, title="共同アウトソーシング推進セミナー", theme="自治体クラウド")


def three_cities(page):
    return [
        OccurrenceFactory(page=page, venue_city=city, start=START + timedelta(days=days), sort_order=order)
        for order, (city, days) in enumerate([("東京", 0), ("大阪", 1), ("仙台", 14)])
    ]


def test_an_occurrence_is_called_after_its_city(seminar):
    row = OccurrenceFactory(page=seminar, venue_city="東京", venue_building="KKRホテル東京")
    assert row.label == "東京開催"
    assert row.venue == "東京・KKRホテル東京"
    assert str(row) == "東京開催 平成22年2月9日（火）13:30～17:00"


def test_an_occurrence_must_end_after_it_starts(seminar):
    with pytest.raises(ValidationError, match="終了"):
        Occurrence(page=seminar, start=START, end=START).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        OccurrenceFactory(page=seminar, end=START)


def test_an_occurrence_may_have_no_end(seminar):
    assert OccurrenceFactory(page=seminar, end=None).period == "平成22年2月9日（火）13:30～"


def test_a_key_is_unique_within_its_page(seminar, index):
    row = OccurrenceFactory(page=seminar)
    OccurrenceFactory(page=SeminarPageFactory(parent=index), key=row.key)
    with pytest.raises(IntegrityError), transaction.atomic():
        OccurrenceFactory(page=seminar, key=row.key)


def test_a_talk_stands_in_the_programme_of_its_occurrences_only(seminar):
    tokyo, osaka, sendai = three_cities(seminar)
    seminar.programme = [
        talk(title="講演"),
        talk(title="基調講演 甲", at=[str(tokyo.key), str(sendai.key)]),
        talk(title="基調講演 乙", at=[str(osaka.key)]),
    ]
    given = {at.occurrence.label: [talk["title"] for talk in at.talks] for at in seminar.programme_by_occurrence}
    assert given == {
        "東京開催": ["講演", "基調講演 甲"],
        "大阪開催": ["講演", "基調講演 乙"],
        "仙台開催": ["講演", "基調講演 甲"],
    }


def test_hosts_keep_their_order_within_their_role(seminar):
    seminar.hosts = [
        ("host", {"name": "乙", "role": "co_host"}),
        ("host", {"name": "甲", "role": "host"}),
        ("host", {"name": "丙", "role": "co_host"}),
    ]
    assert seminar.hosts_by_role == [("主催", ["甲"]), ("共催", ["乙", "丙"])]


def test_attendance_parts_name_the_city_only_where_there_are_several(seminar):
    tokyo, osaka, _sendai = three_cities(seminar)
    SessionFactory(occurrence=tokyo, attendance=133)
    osaka.attendance = 0
    osaka.save()
    assert seminar.attendance_parts == [("東京開催 午前の部", 133), ("大阪開催", 0)]


def test_what_nobody_counted_has_no_attendance(seminar):
    three_cities(seminar)
    assert not seminar.has_attendance


def test_a_counted_zero_is_an_attendance(seminar):
    seminar.attendance_total = 0
    assert seminar.has_attendance


def test_keys_and_sessions_survive_revision_and_publishing(seminar):
    tokyo, *_others = three_cities(seminar)
    SessionFactory(occurrence=tokyo, label="午前の部")
    seminar = SeminarPage.objects.get(pk=seminar.pk)
    seminar.programme = [talk(title="講演", at=[str(tokyo.key)])]
    seminar.save_revision().publish()
    stored = SeminarPage.objects.get(pk=seminar.pk)
    assert stored.held[0].key == tokyo.key
    assert stored.talks[0]["at"] == [str(tokyo.key)]
    assert [row.label for row in stored.held[0].sessions.all()] == ["午前の部"]


def test_a_talk_may_name_an_occurrence_that_is_not_saved_yet(seminar):
    row = Occurrence(start=START, venue_city="東京")
    seminar.occurrences = [row]
    seminar.programme = [talk(title="講演", at=[str(row.key)])]
    draft = seminar.save_revision().as_object()
    assert [talk["title"] for talk in draft.programme_by_occurrence[0].talks] == ["講演"]


def test_a_copy_keeps_its_programme_and_has_calendar_entries_of_its_own(seminar, index):
    tokyo, *_others = three_cities(seminar)
    seminar = SeminarPage.objects.get(pk=seminar.pk)
    seminar.programme = [talk(title="講演", at=[str(tokyo.key)])]
    seminar.save()
    copied = seminar.copy(to=index, update_attrs={"slug": "copy"})
    copied = SeminarPage.objects.get(pk=copied.pk)
    assert [talk["title"] for talk in copied.programme_by_occurrence[0].talks] == ["講演"]
    assert copied.programme_by_occurrence[1].talks == []
    uids = {entry.uid for page in (seminar, copied) for entry in page.calendar_entries()}
    assert len(uids) == 6


def test_calendar_entries_name_the_city_where_there_are_several(seminar):
    three_cities(seminar)
    entries = seminar.calendar_entries()
    assert entries[1].title == "共同アウトソーシング推進セミナー（大阪開催）"
    assert entries[0].start == START
    assert entries[0].location == "東京・見本会館"
    assert entries[0].url.endswith(seminar.url)


def test_a_proposed_slug_is_short_ascii_and_free(index):
    SeminarPageFactory(parent=index, slug="fy2009-seminar-1")
    assert SeminarPage.proposed({"fiscal_year": 2009}) == {"slug": "fy2009-seminar-2"}
    assert SeminarPage.proposed({"fiscal_year": 2010}) == {"slug": "fy2010-seminar-1"}
    assert SeminarPage.proposed({}) == {}


def test_the_slug_of_a_draft_is_its_own_and_not_taken_by_itself(index):
    draft = SeminarPageFactory(parent=index, slug="fy2009-seminar-1", fiscal_year=2009, live=False)
    assert SeminarPage.proposed({"fiscal_year": 2009}, page_id=draft.pk) == {"slug": "fy2009-seminar-1"}
    assert draft.stand_ins() == {"slug": "fy2009-seminar-1"}
