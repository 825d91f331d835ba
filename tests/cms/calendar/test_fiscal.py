"""Fiscal years from 1 April to 31 March."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.checks import run_checks
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cms.calendar import FiscalYear, fiscal_year_of, parse_fiscal_year
from cms.calendar.fiscal import fiscal_years

DATES = st.dates(min_value=date(1873, 1, 1), max_value=date(2999, 3, 31))


@given(DATES)
def test_every_date_lies_in_exactly_its_fiscal_year(day):
    year = FiscalYear.of(day)
    assert year.start <= day <= year.end
    assert day in year
    assert day not in year.next
    assert day not in year.previous
    assert fiscal_year_of(day) == day.year - (day.month < 4)


@given(DATES)
def test_fiscal_years_follow_each_other_without_a_gap(day):
    year = FiscalYear.of(day)
    assert year.end + timedelta(days=1) == year.next.start
    assert year.previous < year < year.next
    assert year.ends_before == year.next.starts_at


@given(DATES)
def test_the_label_reads_back(day):
    year = FiscalYear.of(day)
    assert parse_fiscal_year(year.japanese) == year
    assert parse_fiscal_year(year.slug) == year


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2009, "平成21年度"),
        (1988, "昭和63年度"),
        (1989, "平成元年度"),
        (2018, "平成30年度"),
        (2019, "令和元年度"),
        (2020, "令和2年度"),
    ],
)
def test_label_is_the_era_of_the_first_day(year, label):
    assert FiscalYear(year).label == label


def test_label_of_2019_follows_the_setting(settings):
    settings.CALENDAR_FY2019_ERA = "heisei"
    assert FiscalYear(2019).label == "平成31年度"
    assert FiscalYear(2020).label == "令和2年度"


def test_label_is_western_for_readers_of_english():
    with translation.override("en"):
        assert FiscalYear(2009).label == "FY2009"


def test_a_moment_counts_by_the_japanese_clock():
    assert fiscal_year_of(datetime(2010, 3, 31, 14, 59, 59, tzinfo=UTC)) == 2009
    assert fiscal_year_of(datetime(2010, 3, 31, 15, 0, tzinfo=UTC)) == 2010


@pytest.mark.parametrize(
    "typed", ["平成 2 1 年度", "平成２１年度", "H21", "h21年度", "FY2009", "2009", "2009年度", "fy2009"]
)
def test_parse_fiscal_year_reads_what_offices_type(typed):
    assert parse_fiscal_year(typed) == FiscalYear(2009)


def test_parse_fiscal_year_refuses_with_a_sentence():
    with pytest.raises(ValueError, match="「今年度」を年度として読み取れません"):
        parse_fiscal_year("今年度")


def test_fiscal_years_are_distinct_and_the_latest_comes_first():
    days = [date(2009, 6, 9), date(2010, 2, 10), date(2010, 6, 1)]
    assert fiscal_years(days) == [FiscalYear(2010), FiscalYear(2009)]


def test_an_unknown_transition_era_is_a_check_error(settings):
    settings.CALENDAR_FY2019_ERA = "showa"
    assert "calendar.E001" in [error.id for error in run_checks()]
    settings.CALENDAR_FY2019_ERA = "heisei"
    assert "calendar.E001" not in [error.id for error in run_checks()]
