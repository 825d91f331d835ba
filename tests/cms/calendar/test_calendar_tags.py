"""Dates in templates."""

from datetime import date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from cms.calendar import TOKYO, FiscalYear, FuzzyDate

START = datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)
CONTEXT = {
    "start": START,
    "end": START.replace(hour=13, minute=0),
    "day": date(2009, 6, 9),
    "year": FiscalYear(2009),
    "when": FuzzyDate.month(2010, 6),
    "nothing": None,
}


def rendered(source):
    return Template("{% load calendar_tags %}" + source).render(Context(CONTEXT))


@pytest.mark.parametrize(
    ("source", "japanese", "english"),
    [
        ("{{ start|era_date }}", "平成21年6月9日（火）", "Tue 9 June 2009"),
        ("{{ day|era_day }}", "平成21年6月9日", "9 June 2009"),
        ("{{ start|clock_time }}", "11:45", "11:45"),
        ("{{ 2009|fiscal_year }}", "平成21年度", "FY2009"),
        ("{{ day|fiscal_year }}", "平成21年度", "FY2009"),
        ("{{ year|fiscal_year }}", "平成21年度", "FY2009"),
        ("{{ when|planned }}", "平成22年6月予定", "June 2010"),
        ("{{ start|machine_time }}", "2009-06-09T11:45+09:00", "2009-06-09T11:45+09:00"),
        ("{{ day|machine_time }}", "2009-06-09", "2009-06-09"),
        (
            "{% period start end %}",
            '<time datetime="2009-06-09T11:45+09:00">平成21年6月9日（火）11:45～13:00</time>',
            '<time datetime="2009-06-09T11:45+09:00">Tue 9 June 2009, 11:45–13:00</time>',
        ),
        ("{{ day|deadline_left }}", "締切済み", "closed"),
    ],
)
def test_tags_speak_the_reader_s_language(source, japanese, english):
    assert rendered(source) == japanese
    with translation.override("en"):
        assert rendered(source) == english


@pytest.mark.parametrize(
    "name", ["era_date", "era_day", "clock_time", "fiscal_year", "planned", "machine_time", "deadline_left"]
)
def test_filters_print_nothing_for_nothing(name):
    assert rendered("{{ nothing|" + name + " }}") == ""


def test_period_prints_nothing_for_nothing():
    assert rendered("{% period nothing %}") == ""
