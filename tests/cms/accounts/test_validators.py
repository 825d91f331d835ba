"""Municipal codes, login IDs and the other keys."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from cms.accounts.validators import (
    municipal_check_digit,
    normalise_municipal_code,
    validate_login_id,
    validate_municipal_code,
    validate_postcode,
    validate_telephone,
)

GOOD_CODES = ["011002", "041009", "131016", "271004", "382019", "401307"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def weighted_sum(first_five):
    return sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), first_five, strict=True))


first_fives = st.integers(min_value=0, max_value=99999).map("{:05d}".format)


@pytest.mark.parametrize("code", GOOD_CODES)
def test_published_codes_are_accepted_and_completed(code):
    validate_municipal_code(code)

    assert normalise_municipal_code(code[:5]) == code


@given(first_fives)
def test_completed_code_is_valid(first_five):
    validate_municipal_code(normalise_municipal_code(first_five))


@given(first_fives)
def test_full_width_digits_spaces_and_hyphens_mean_the_same_code(first_five):
    code = normalise_municipal_code(first_five)

    assert normalise_municipal_code(code.translate(FULL_WIDTH)) == code
    assert normalise_municipal_code(f" {code[:2]}－{code[2:5]} {code[5]}　") == code


@given(first_fives, st.integers(min_value=1, max_value=9))
def test_every_other_check_digit_is_refused(first_five, shift):
    wrong = first_five + str((int(municipal_check_digit(first_five)) + shift) % 10)

    with pytest.raises(ValidationError) as refusal:
        validate_municipal_code(wrong)

    assert refusal.value.code == "municipal_check_digit"


@given(first_fives, st.integers(min_value=0, max_value=4), st.integers(min_value=1, max_value=9))
def test_one_mistyped_digit_is_found_unless_the_scheme_cannot(first_five, position, shift):
    """The remainders 0 and 10 have the same check digit 1; all others differ."""
    mistyped = first_five[:position] + str((int(first_five[position]) + shift) % 10) + first_five[position + 1 :]
    assume({weighted_sum(first_five) % 11, weighted_sum(mistyped) % 11} != {0, 10})

    with pytest.raises(ValidationError):
        validate_municipal_code(mistyped + municipal_check_digit(first_five))


@pytest.mark.parametrize("value", ["", "1234", "1234567", "01100a", "01-10", "札幌市", "٠١١٠٠٢x"])
def test_what_is_no_code_is_refused(value):
    with pytest.raises(ValidationError) as refusal:
        validate_municipal_code(normalise_municipal_code(value))

    assert refusal.value.code == "municipal_code"


@pytest.mark.parametrize("value", ["yamada", "yamada-t", "y.t+1", "01100_2"])
def test_login_id_of_plain_letters_is_accepted(value):
    validate_login_id(value)


@pytest.mark.parametrize("value", ["", "yamada@example.jp", "山田", "-yamada", "a b", "a\n"])
def test_login_id_that_could_be_mistaken_is_refused(value):
    with pytest.raises(ValidationError):
        validate_login_id(value)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (validate_telephone, "03-1234-5678", "０３－１２３４"),
        (validate_telephone, "+81-3-1234-5678", "ext. 5"),
        (validate_postcode, "790-0000", "7900000"),
    ],
)
def test_telephone_and_postcode_have_one_form(check, good, bad):
    check(good)

    with pytest.raises(ValidationError):
        check(bad)
