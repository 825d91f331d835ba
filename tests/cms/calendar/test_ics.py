"""Calendar files that other programs can read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from cms.calendar import TOKYO, ics


@dataclass(frozen=True)
class Entry:
    uid: str = "5f0c9a2e-0000-4000-8000-000000000001"
    title: str = "第1回役員会"
    start: date = datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)
    end: date | None = datetime(2009, 6, 9, 13, 0, tzinfo=TOKYO)
    location: str = "東京・全国町村議員会館 7階 特別会議室"
    url: str = "http://testserver/meetings/fy2009-1/"
    description: str = ""
    updated_at: datetime | None = None


def written(*entries, **kwargs):
    return ics.calendar_response_bytes(entries, **kwargs)


def only_event(content):
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_an_entry_reads_back_as_it_was():
    event = only_event(written(Entry()))
    assert str(event["SUMMARY"]) == "第1回役員会"
    assert str(event["LOCATION"]) == "東京・全国町村議員会館 7階 特別会議室"
    assert event.start == datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)
    assert event.end == datetime(2009, 6, 9, 13, 0, tzinfo=TOKYO)
    assert str(event["URL"]) == "http://testserver/meetings/fy2009-1/"
    assert str(event["UID"]) == "5f0c9a2e-0000-4000-8000-000000000001"


def test_the_file_brings_the_time_zone_that_it_names():
    content = written(Entry())
    assert b"DTSTART;TZID=Asia/Tokyo:20090609T114500" in content
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Tokyo"
    assert zone.walk("STANDARD")[0]["TZOFFSETTO"].to_ical() == "+0900"


def test_moments_of_other_zones_are_written_by_the_japanese_clock():
    start = datetime(2009, 6, 8, 19, 45, tzinfo=ZoneInfo("America/Los_Angeles"))
    content = written(Entry(start=start, end=None))
    assert b"DTSTART;TZID=Asia/Tokyo:20090609T114500" in content
    assert b"DTEND" not in content


def test_whole_days_end_on_the_following_day():
    content = written(Entry(start=date(2009, 11, 10), end=date(2009, 11, 20)))
    assert b"DTSTART;VALUE=DATE:20091110" in content
    assert b"DTEND;VALUE=DATE:20091121" in content
    assert b"VTIMEZONE" not in content


def test_the_stamp_is_the_last_change_in_utc():
    content = written(Entry(updated_at=datetime(2010, 2, 1, 9, 0, tzinfo=TOKYO)))
    assert b"DTSTAMP:20100201T000000Z" in content
    assert b"LAST-MODIFIED:20100201T000000Z" in content


def test_the_same_entries_give_the_same_bytes():
    entry = Entry(updated_at=datetime(2010, 2, 1, tzinfo=UTC))
    assert written(entry, name="本会の予定") == written(entry, name="本会の予定")


def test_the_refresh_interval_names_its_type_as_rfc_7986_requires():
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in written()


def test_a_calendar_without_entries_is_valid_and_holds_its_time_zone():
    calendar = Calendar.from_ical(written(name="本会の予定"))
    calendar.validate()
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    assert str(calendar["VERSION"]) == "2.0"
    assert str(calendar["PRODID"]) == ics.PRODUCT_ID
    assert calendar.calendar_name == "本会の予定"


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_gives_lines_that_rfc_5545_allows_and_reads_back(title, place):
    content = written(Entry(title=title, location=place, description=title))
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert not any((byte < 32 and byte != 9) or byte == 127 for line in lines for byte in line)
    assert str(only_event(content).get("SUMMARY", "")) == ics._text(title)


@given(st.lists(st.one_of(st.integers(), st.uuids()), min_size=1))
def test_a_stable_uid_depends_on_its_parts_only(parts):
    assert ics.stable_uid(*parts) == ics.stable_uid(*parts)
    assert ics.stable_uid(*parts, "other") != ics.stable_uid(*parts)
