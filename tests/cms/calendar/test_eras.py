"""Eras, weekdays, and what offices type."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.calendar.eras import ERAS, era_date, era_year, parse_date, parse_year

GREGORIAN = st.dates(min_value=date(1873, 1, 1), max_value=date(2999, 12, 31))
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2009, 6, 9), "平成21年6月9日（火）"),
        (date(2009, 11, 25), "平成21年11月25日（水）"),
        (date(2010, 2, 10), "平成22年2月10日（水）"),
        (date(1989, 1, 7), "昭和64年1月7日（土）"),
        (date(1989, 1, 8), "平成元年1月8日（日）"),
        (date(2019, 4, 30), "平成31年4月30日（火）"),
        (date(2019, 5, 1), "令和元年5月1日（水）"),
        (date(2020, 1, 1), "令和2年1月1日（水）"),
        (date(1926, 12, 24), "大正15年12月24日（金）"),
        (date(1926, 12, 25), "昭和元年12月25日（土）"),
        (date(1912, 7, 29), "明治45年7月29日（月）"),
        (date(1873, 1, 1), "明治6年1月1日（水）"),
        (date(1872, 12, 31), "1872年12月31日（火）"),
    ],
)
def test_era_date_prints_era_and_weekday(day, written):
    assert era_date(day) == written


def test_era_date_takes_the_japanese_day_of_a_moment():
    assert era_date(datetime(2019, 4, 30, 15, 0, tzinfo=UTC)) == "令和元年5月1日（水）"
    assert era_date(datetime(2019, 4, 30, 14, 59, tzinfo=UTC)) == "平成31年4月30日（火）"


def test_era_date_leaves_the_weekday_out_when_told():
    assert era_date(date(2009, 6, 9), weekday=False) == "平成21年6月9日"


@given(GREGORIAN)
def test_parse_date_reads_every_printed_date_back(day):
    assert parse_date(era_date(day)) == day


@given(GREGORIAN)
def test_parse_date_reads_full_width_digits_and_inner_spaces(day):
    typed = " ".join(era_date(day).translate(FULL_WIDTH))
    assert parse_date(typed) == day


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2117, 12, 31)))
def test_parse_date_reads_letters_and_slashes(day):
    era = next(era for era in ERAS if era.starts <= day)
    number = day.year - era.first_year + 1
    assert parse_date(f"{era.letter.lower()}{number}.{day.month}.{day.day}") == day
    assert parse_date(f"{day.year}/{day.month}/{day.day}") == day
    assert parse_date(day.isoformat()) == day


@given(GREGORIAN)
def test_the_year_of_every_date_reads_back(day):
    assert parse_year(era_year(day)) == day.year


def test_parse_date_counts_years_beyond_the_end_of_an_era_on():
    assert parse_date("平成32年7月24日") == date(2020, 7, 24)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("平成21年6月31日", "平成21年6月31日」という日はありません"),
        ("平成21年6月9日（水）", "平成21年6月9日（火）"),
        ("平成0年6月9日", "平成0年6月9日"),
        ("来年", "「来年」を日付として読み取れません"),
        ("", "平成21年6月9日"),
        ("9999999", "「9999999」を日付として読み取れません"),
    ],
)
def test_parse_date_refuses_with_a_sentence(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_date(typed)


@pytest.mark.parametrize(
    ("typed", "year"),
    [("平成 2 1 年", 2009), ("平成２１年", 2009), ("令和元年", 2019), ("R1", 2019), ("昭和64年", 1989), ("2009", 2009)],
)
def test_parse_year_reads_what_offices_type(typed, year):
    assert parse_year(typed) == year


def test_parse_year_refuses_a_year_zero():
    with pytest.raises(ValueError, match="0年"):
        parse_year("平成0年")
