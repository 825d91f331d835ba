"""Deadlines: a day counts to its last second in Japan, wherever the server stands."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext, ngettext

from .clock import day_start, now, today


def deadline_at(day: date) -> datetime:
    """Return 23:59:59 JST of the day: what is stored, printed and put into calendars."""
    return day_start(day + timedelta(days=1)) - timedelta(seconds=1)


def is_over(day: date, *, at: datetime | None = None) -> bool:
    """Say whether the deadline has passed. The whole last second still counts."""
    return (at or now()) >= day_start(day + timedelta(days=1))


def days_left(day: date, *, on: date | None = None) -> int:
    """Count whole days from today in Japan: 0 on the day itself, negative after it."""
    return (day - (on or today())).days


def remaining(day: date, *, on: date | None = None) -> str:
    """Say what is left of the time: あと3日, 本日締切, 締切済み."""
    left = days_left(day, on=on)
    if left < 0:
        return gettext("closed")
    if left == 0:
        return gettext("closes today")
    return ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
