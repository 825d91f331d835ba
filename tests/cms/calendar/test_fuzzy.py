"""Dates that a plan knows only roughly."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cms.calendar import FuzzyDate, Precision

YEARS = st.integers(min_value=1900, max_value=2080)
MONTHS = st.integers(min_value=1, max_value=12)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2080, 12, 31))


@st.composite
def fuzzy_dates(draw):
    kind = draw(st.sampled_from(Precision.values))
    if kind == Precision.DAY:
        return FuzzyDate.day(*sorted([draw(DAYS), draw(DAYS)]))
    if kind == Precision.TEN_DAYS:
        return FuzzyDate.ten_days(draw(YEARS), draw(MONTHS), draw(st.integers(0, 2)))
    if kind == Precision.MONTH:
        first, last = sorted([(draw(YEARS), draw(MONTHS)), (draw(YEARS), draw(MONTHS))])
        return FuzzyDate.month(*first, last)
    return FuzzyDate.fiscal_year(draw(YEARS)) if kind == Precision.FISCAL_YEAR else FuzzyDate.undecided()


@given(fuzzy_dates())
def test_the_stored_text_reads_back_and_fits_its_column(value):
    assert FuzzyDate.parse(value.iso) == value
    assert len(value.iso) <= 32


@given(fuzzy_dates())
def test_the_japanese_label_reads_back_also_as_a_plan_prints_it(value):
    assert FuzzyDate.parse(str(value)) == value
    assert FuzzyDate.parse(value.planned) == value


@given(st.lists(fuzzy_dates()))
def test_sorting_puts_the_earliest_first_and_the_undecided_last(values):
    starts = [value.start or date.max for value in sorted(values)]
    assert starts == sorted(starts)


PLANS = [
    ("平成22年6月開催予定", "2010-06", "平成22年6月", "June 2010"),
    ("平成 2 3 年 2 ～ 3 月開催予定", "2011-02/2011-03", "平成23年2～3月", "February–March 2011"),
    ("2011-02/2011-03", "2011-02/2011-03", "平成23年2～3月", "February–March 2011"),
    ("平成22年12～1月", "2010-12/2011-01", "平成22年12月～平成23年1月", "December 2010 – January 2011"),
    ("平成22年6月下旬", "2010-06-late", "平成22年6月下旬", "late June 2010"),
    ("平成22年度", "FY2010", "平成22年度", "FY2010"),
    ("平成22年度（日程未定）", "FY2010", "平成22年度", "FY2010"),
    ("未定", "undecided", "未定", "to be decided"),
    ("平成22年6月9日（水）", "2010-06-09", "平成22年6月9日（水）", "Wed 9 June 2010"),
    (
        "平成22年6月9日～10日",
        "2010-06-09/2010-06-10",
        "平成22年6月9日（水）～6月10日（木）",
        "Wed 9 June – Thu 10 June 2010",
    ),
    (
        "平成21年11月10日～11月20日",
        "2009-11-10/2009-11-20",
        "平成21年11月10日（火）～11月20日（金）",
        "Tue 10 November – Fri 20 November 2009",
    ),
]


@pytest.mark.parametrize(("typed", "stored", "printed", "english"), PLANS)
def test_parse_understands_plans(typed, stored, printed, english):
    value = FuzzyDate.parse(typed)
    assert (value.iso, str(value)) == (stored, printed)
    with translation.override("en"):
        assert str(value) == english


def test_planned_marks_what_is_not_certain():
    assert FuzzyDate.parse("2010-06").planned == "平成22年6月予定"
    assert FuzzyDate.undecided().planned == "未定"


@pytest.mark.parametrize(
    "typed",
    [
        "6月予定",
        "そのうち",
        "平成22年13月",
        "2010-06/そのうち",
        "平成22年3月上旬～4月",
        "2011-03/2011-02",
        "2010-06-32",
    ],
)
def test_parse_refuses_with_a_sentence_that_shows_how(typed):
    with pytest.raises(ValueError, match="平成23年2～3月") as caught:
        FuzzyDate.parse(typed)
    assert typed in str(caught.value)


def test_a_range_knows_its_days():
    value = FuzzyDate.parse("2011-02/2011-03")
    assert (value.start, value.end, value.precision) == (date(2011, 2, 1), date(2011, 3, 31), Precision.MONTH)
    assert FuzzyDate.ten_days(2012, 2, 2).end == date(2012, 2, 29)


@pytest.mark.parametrize(
    ("start", "end", "precision"),
    [
        (date(2010, 6, 2), date(2010, 6, 1), Precision.DAY),
        (date(2010, 6, 2), None, Precision.MONTH),
        (date(2010, 6, 2), date(2010, 6, 2), Precision.UNDECIDED),
        (None, None, Precision.DAY),
    ],
)
def test_an_impossible_range_is_refused(start, end, precision):
    with pytest.raises(ValueError, match="。"):
        FuzzyDate(start, end, precision)
