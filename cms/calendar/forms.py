"""Form fields for dates as people of the association write them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .eras import parse_date
from .fuzzy import FuzzyDate
from .periods import format_date
from .spans import EARLIEST, LATEST, OUT_OF_REACH


class DayField(forms.CharField):
    """A line of text that is understood as a day, however an office writes it: 2010-02-01, H22.2.1, 平成22年2月1日."""

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]  # CharField returns text
        """Read what was typed."""
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            day = parse_date(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(OUT_OF_REACH, code="invalid")
        return day

    def run_validators(self, value: date | None) -> None:
        """A day that could be read is right."""

    def prepare_value(self, value: Any) -> Any:
        """Write a day as the site does; what was typed stays as it was typed."""
        return format_date(value, weekday=False) if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether another day was typed, not merely another way of writing it."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


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
