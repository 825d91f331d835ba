"""Deadlines end with the day in Japan, wherever the server stands."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cms.calendar import TOKYO, deadlines, now, today

DAY = date(2009, 11, 20)


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Tokyo"])
def server_zone(request):
    """Puts the server, and Django, into another zone."""
    with pytest.MonkeyPatch.context() as patch, timezone.override(request.param):
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def test_deadline_is_the_last_second_of_the_day_in_japan(server_zone):
    assert deadlines.deadline_at(DAY).isoformat() == "2009-11-20T23:59:59+09:00"
    assert deadlines.deadline_at(DAY).astimezone(UTC) == datetime(2009, 11, 20, 14, 59, 59, tzinfo=UTC)


def test_the_whole_last_second_counts(server_zone):
    assert not deadlines.is_over(DAY, at=datetime(2009, 11, 20, 14, 59, 59, 999999, tzinfo=UTC))
    assert deadlines.is_over(DAY, at=datetime(2009, 11, 20, 15, 0, 0, tzinfo=UTC))


def test_today_is_japan_s_day_from_15_utc_on(server_zone, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2009, 11, 20, 15, 0, tzinfo=UTC))
    assert today() == date(2009, 11, 21)
    assert now().utcoffset() == timedelta(hours=9)


@given(st.dates(min_value=date(1952, 1, 1), max_value=date(2999, 12, 30)))
def test_a_deadline_is_over_one_second_after_it(day):
    last = deadlines.deadline_at(day)
    assert not deadlines.is_over(day, at=last)
    assert deadlines.is_over(day, at=last + timedelta(seconds=1))
    assert last.astimezone(TOKYO).date() == day


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (date(2009, 11, 17), "あと3日"),
        (date(2009, 11, 19), "あと1日"),
        (DAY, "本日締切り"),
        (date(2009, 11, 21), "締切済み"),
    ],
)
def test_remaining_says_what_is_left(on, written):
    assert deadlines.remaining(DAY, on=on) == written
