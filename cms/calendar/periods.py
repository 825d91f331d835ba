"""Dates and periods as the site prints them, in the reader's language."""

from datetime import date, datetime

from .clock import at_tokyo, tokyo_date
from .eras import era_date, era_year, month_day
from .language import prints_japanese

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_date(value: date, *, weekday: bool = True) -> str:
    """Write 平成21年6月9日（火）, or Tue 9 June 2009."""
    if prints_japanese():
        return era_date(value, weekday=weekday)
    day = tokyo_date(value)
    return f"{_english_day(day, weekday=weekday)} {day.year}"


def format_time(value: datetime) -> str:
    """Write the time of day in Japan: 11:45."""
    return f"{at_tokyo(value):%H:%M}"


def format_times(start: datetime, end: datetime | None = None) -> str:
    """Write times of one day: 10:10～12:00, or 10:10–12:00; 10:10～ without an end."""
    mark = "～" if prints_japanese() else "–"
    return f"{format_time(start)}{mark}{format_time(end) if end else ''}"


def format_period(start: date, end: date | None = None) -> str:
    """Write 平成21年6月9日（火）11:45～13:00, naming again only what differs at the end.

    Takes two moments or two dates; without an end it stays open (moments) or is one day (dates).
    """
    return _japanese_period(start, end) if prints_japanese() else _english_period(start, end)


def _japanese_period(start: date, end: date | None) -> str:
    first = era_date(start)
    if isinstance(start, datetime):
        first += format_time(start)
    if end is None:
        return f"{first}～" if isinstance(start, datetime) else first
    last = _japanese_end(tokyo_date(start), tokyo_date(end))
    if isinstance(end, datetime):
        last += format_time(end)
    return f"{first}～{last}" if last else first


def _japanese_end(first: date, last: date) -> str:
    if first == last:
        return ""
    return month_day(last) if era_year(first) == era_year(last) else era_date(last)


def _english_period(start: date, end: date | None) -> str:
    first, last = tokyo_date(start), tokyo_date(end) if end else None
    if not isinstance(start, datetime):
        if last in (None, first):
            return format_date(first)
        head = _english_day(first) if last and last.year == first.year else format_date(first)
        return f"{head} – {format_date(last or first)}"
    head = f"{format_date(first)}, {format_time(start)}"
    if not isinstance(end, datetime):
        return f"from {head}"
    if last == first:
        return f"{head}–{format_time(end)}"
    return f"{head} – {format_date(end)}, {format_time(end)}"


def _english_day(day: date, *, weekday: bool = True) -> str:
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{DAYS[day.weekday()]} {text}" if weekday else text
