"""Days that a row holds: the first counts, the end doesn't."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from cms.accounts.models import Affiliation

APRIL, MAY, JUNE = (dt.date(2010, month, 1) for month in (4, 5, 6))


def test_span_holds_from_its_first_day_until_before_its_end():
    span = Affiliation(starts_on=APRIL, ends_on=MAY)

    assert [span.is_active_on(day) for day in (dt.date(2010, 3, 31), APRIL, dt.date(2010, 4, 30), MAY)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_spans_that_meet_share_no_day():
    first, second = Affiliation(starts_on=APRIL, ends_on=MAY), Affiliation(starts_on=MAY)

    assert not first.overlaps(second)
    assert not second.overlaps(first)
    assert Affiliation(starts_on=APRIL).overlaps(second)


def test_span_that_runs_backwards_is_said_next_to_its_end():
    with pytest.raises(ValidationError) as refused:
        Affiliation(starts_on=JUNE, ends_on=MAY).clean()

    assert set(refused.value.message_dict) == {"ends_on"}
