"""Form fields for dates as people of the association write them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .fuzzy import FuzzyDate


class FuzzyDateFormField(forms.CharField):
    """A line of text that is understood as a fuzzy date and shown again in the site's own way of writing."""

    def to_python(self, value: Any) -> FuzzyDate | None:  # type: ignore[override]  # CharField returns text
        """Read what was typed."""
        if isinstance(value, FuzzyDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return FuzzyDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def run_validators(self, value: FuzzyDate | None) -> None:
        """Length and the like hold for the stored text."""
        super().run_validators(value.iso if value else "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether another date was typed, not merely another way of writing it."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
