"""Dates in templates, written in the reader's language."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.calendar import (
    FiscalYear,
    FuzzyDate,
    at_tokyo,
    deadlines,
    format_date,
    format_period,
    format_time,
    format_times,
)
from cms.calendar.clock import tokyo_date

register = template.Library()


@register.filter
def era_date(value: date | None) -> str:
    """Write 平成21年6月9日（火）; nothing for nothing."""
    return format_date(value) if value else ""


@register.filter
def era_day(value: date | None) -> str:
    """Write the date without its weekday: 平成21年6月9日."""
    return format_date(value, weekday=False) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    """Write the time of day in Japan: 11:45."""
    return format_time(value) if value else ""


@register.filter
def fiscal_year(value: int | date | FiscalYear | None) -> str:
    """Write the fiscal year of a year or a date: 平成21年度."""
    if value is None or value == "":
        return ""
    if isinstance(value, FiscalYear):
        return value.label
    return (FiscalYear.of(value) if isinstance(value, date) else FiscalYear(int(value))).label


@register.filter
def planned(value: FuzzyDate | None) -> str:
    """Write a fuzzy date as a plan does: 平成22年6月予定."""
    return value.planned if value else ""


@register.filter
def machine_time(value: date | None) -> str:
    """Write what the `datetime` attribute of `time` wants, with Japan's offset."""
    if not value:
        return ""
    return at_tokyo(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


@register.filter
def deadline_left(value: date | None) -> str:
    """Write what is left until the end of the day: あと3日."""
    return deadlines.remaining(tokyo_date(value)) if value else ""


@register.simple_tag
def period(start: date | None, end: date | None = None) -> SafeString | str:
    """Write a period inside `time`: 平成21年6月9日（火）11:45～13:00."""
    if not start:
        return ""
    return format_html('<time datetime="{}">{}</time>', machine_time(start), format_period(start, end))


@register.simple_tag
def time_span(start: datetime | None, end: datetime | None = None) -> SafeString | str:
    """Write times of day inside `time`: 10:10～12:00."""
    if not start:
        return ""
    return format_html('<time datetime="{}">{}</time>', machine_time(start), format_times(start, end))
