"""Rules across the rows of the form."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from cms.calendar import TOKYO
from plugins.seminars.validators import (
    OccurrenceRow,
    SessionRow,
    lost_keys,
    outside_fiscal_year,
    repeated_keys,
    session_outside,
    wrong_total,
)

START = datetime(2010, 2, 9, 13, 30, tzinfo=TOKYO)
END = START + timedelta(hours=3)


def occurrence(**values):
    return OccurrenceRow(**{"key": uuid4(), "city": "東京", "start": START, "end": END, **values})


@pytest.mark.parametrize(
    ("start", "end", "is_outside"),
    [
        (START, END, False),
        (None, None, False),
        (START - timedelta(minutes=1), END, True),
        (START, END + timedelta(minutes=1), True),
        (END + timedelta(minutes=1), None, True),
    ],
)
def test_a_session_lies_within_its_occurrence(start, end, is_outside):
    sentence = session_outside(SessionRow(key=uuid4(), label="午前の部", start=start, end=end), occurrence())
    assert bool(sentence) is is_outside
    assert ("午前の部" in sentence) is is_outside


def test_an_occurrence_without_an_end_holds_every_later_session():
    late = SessionRow(key=uuid4(), label="夜の部", start=END + timedelta(hours=3))
    assert session_outside(late, occurrence(end=None)) == ""


def test_repeated_keys_finds_those_of_more_than_one_row():
    twice, once = uuid4(), uuid4()
    rows = [occurrence(key=twice), SessionRow(key=twice, label="午前の部"), occurrence(key=once), occurrence(key=None)]
    assert repeated_keys([*rows, occurrence(key=None)]) == {twice}


def test_lost_keys_finds_those_of_no_occurrence():
    here, gone = uuid4(), uuid4()
    assert lost_keys([str(here), str(gone)], [occurrence(key=here)]) == [str(gone)]


def test_the_first_occurrence_lies_in_the_fiscal_year():
    assert outside_fiscal_year(2009, [occurrence(), occurrence(start=START + timedelta(days=60))]) == ""
    assert outside_fiscal_year(2009, []) == ""
    sentence = outside_fiscal_year(2010, [occurrence()])
    assert "平成21年度" in sentence
    assert "平成22年度" in sentence


def parts(*counts):
    return [occurrence(sessions=[SessionRow(key=uuid4(), label="部", attendance=count) for count in counts])]


@pytest.mark.parametrize(
    ("total", "rows", "is_wrong"),
    [
        (250, parts(133, 117), False),
        (251, parts(133, 117), True),
        (250, parts(133, None), False),
        (None, parts(133, 117), False),
        (250, [], False),
        (40, [occurrence(attendance=40)], False),
        (41, [occurrence(attendance=40)], True),
        (0, parts(0, 0), False),
    ],
)
def test_a_cumulative_total_is_the_sum_of_its_counted_parts(total, rows, is_wrong):
    assert bool(wrong_total(total, rows)) is is_wrong
