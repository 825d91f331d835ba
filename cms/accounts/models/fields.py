"""Fields for keys: what is typed in full width is stored in half width."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.accounts.validators import normalise_key, normalise_municipal_code, validate_municipal_code

_DASHES = str.maketrans(dict.fromkeys("‐‒–—―−ー", "-"))
"""What Japanese keyboards, tables and word processors put in the place of a hyphen; NFKC leaves these as they are."""


class KeyField(models.CharField):
    """Text in its NFKC form, with hyphens for every dash: telephone numbers, postcodes. Never for names."""

    def to_python(self, value: Any) -> str | None:
        """Normalise what came from a form or a file."""
        return normalise_key(value).translate(_DASHES) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Normalise what code wrote without validating it."""
        return super().get_prep_value(self.to_python(value))


class MunicipalCodeField(KeyField):
    """全国地方公共団体コード: six digits; five are completed. Empty is NULL, so that it stays unique."""

    description = _("Municipal code")
    default_validators = [validate_municipal_code]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 6
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str | None:
        """Complete five digits to six; an empty text is None."""
        return normalise_municipal_code(value) or None if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Leave room for spaces and hyphens, which are taken out."""
        return super().formfield(**{"max_length": 20, **kwargs})
