"""Dates and periods in the reader's language."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from cms.calendar import TOKYO, format_date, format_period


def tokyo(*parts):
    return datetime(*parts, tzinfo=TOKYO)


PERIODS = [
    (
        tokyo(2009, 6, 9, 11, 45),
        tokyo(2009, 6, 9, 13),
        "平成21年6月9日（火）11:45～13:00",
        "Tue 9 June 2009, 11:45–13:00",
    ),
    (
        tokyo(2009, 6, 9, 11, 45),
        tokyo(2009, 6, 10, 9),
        "平成21年6月9日（火）11:45～6月10日（水）09:00",
        "Tue 9 June 2009, 11:45 – Wed 10 June 2009, 09:00",
    ),
    (tokyo(2009, 6, 9, 11, 45), None, "平成21年6月9日（火）11:45～", "from Tue 9 June 2009, 11:45"),
    (
        date(2009, 11, 10),
        date(2009, 11, 20),
        "平成21年11月10日（火）～11月20日（金）",
        "Tue 10 November – Fri 20 November 2009",
    ),
    (
        date(2019, 4, 30),
        date(2019, 5, 1),
        "平成31年4月30日（火）～令和元年5月1日（水）",
        "Tue 30 April – Wed 1 May 2019",
    ),
    (
        date(2009, 12, 31),
        date(2010, 1, 1),
        "平成21年12月31日（木）～平成22年1月1日（金）",
        "Thu 31 December 2009 – Fri 1 January 2010",
    ),
    (date(2009, 6, 9), None, "平成21年6月9日（火）", "Tue 9 June 2009"),
    (date(2009, 6, 9), date(2009, 6, 9), "平成21年6月9日（火）", "Tue 9 June 2009"),
]


@pytest.mark.parametrize(("start", "end", "japanese", "english"), PERIODS)
def test_format_period_names_again_only_what_differs(start, end, japanese, english):
    assert format_period(start, end) == japanese
    with translation.override("en"):
        assert format_period(start, end) == english


def test_format_period_prints_moments_by_the_japanese_clock():
    start, end = datetime(2009, 6, 9, 2, 45, tzinfo=UTC), datetime(2009, 6, 9, 4, 0, tzinfo=UTC)
    assert format_period(start, end) == "平成21年6月9日（火）11:45～13:00"


def test_format_date_is_japanese_where_no_language_is_active():
    with translation.override(None):
        assert format_date(date(2009, 6, 9)) == "平成21年6月9日（火）"
