"""Rules for the keys of this room: municipal codes, login IDs, telephone numbers and postcodes."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_CODE_WEIGHTS = (6, 5, 4, 3, 2)
_CODE = re.compile(r"[0-9]{5,6}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]")

validate_login_id = RegexValidator(
    # No "@": an ID never looks like somebody's mail address.
    r"\A[A-Za-z0-9][A-Za-z0-9._+-]*\Z",
    _("Use letters without accents, digits and . _ + - only, beginning with a letter or a digit. Example: yamada-t"),
    code="login_id",
)

validate_telephone = RegexValidator(
    r"\A\+?[0-9][0-9()-]{4,}\Z",
    _("Enter digits and hyphens. Example: 03-0000-0000"),
    code="telephone",
)

validate_postcode = RegexValidator(
    r"\A[0-9]{3}-[0-9]{4}\Z",
    _("Enter seven digits with a hyphen. Example: 100-0000"),
    code="postcode",
)


def normalise_key(value: str) -> str:
    """Return the NFKC form without outer spaces. Only for keys: on names and prose it would turn ㈱ into (株)."""
    return unicodedata.normalize("NFKC", value).strip()


def municipal_check_digit(first_five: str) -> str:
    """Return the sixth digit of 全国地方公共団体コード.

    Source: 総務省「全国地方公共団体コード」仕様, 検査数字: the first five digits are weighted 6, 5, 4, 3, 2; the
    sum's remainder modulo 11 is taken from 11 and of the result the last digit is kept.
    """
    weighted = sum(weight * int(digit) for weight, digit in zip(_CODE_WEIGHTS, first_five, strict=True))
    return str((11 - weighted % 11) % 10)


def normalise_municipal_code(value: str) -> str:
    """Return `value` in half-width digits without spaces and hyphens, five digits completed to six.

    What is no code is returned as it came out, for `validate_municipal_code` to refuse.
    """
    code = _SEPARATORS.sub("", normalise_key(value))
    if len(code) == 5 and _CODE.fullmatch(code):
        return code + municipal_check_digit(code)
    return code


def validate_municipal_code(value: str) -> None:
    """Refuse what is not six digits or ends in a wrong check digit."""
    if not _CODE.fullmatch(value) or len(value) != 6:
        raise ValidationError(
            _("A municipal code has 6 digits, or 5 without the check digit. Example: 011002"), code="municipal_code"
        )
    expected = municipal_check_digit(value[:5])
    if value[5] != expected:
        raise ValidationError(
            _("The check digit of %(code)s is wrong: after %(first)s comes %(expected)s. Please compare the code."),
            code="municipal_check_digit",
            params={"code": value, "first": value[:5], "expected": expected},
        )
