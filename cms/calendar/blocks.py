"""StreamField blocks for dates."""

from typing import Any

from wagtail.blocks import FieldBlock

from .forms import FuzzyDateFormField
from .fuzzy import MAX_LENGTH, FuzzyDate


class FuzzyDateBlock(FieldBlock):
    """A planned date inside a StreamField, stored as its text."""

    def __init__(self, *, required: bool = True, help_text: str = "", **kwargs: Any) -> None:
        self.field = FuzzyDateFormField(required=required, help_text=help_text, max_length=MAX_LENGTH)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> FuzzyDate | None:
        return FuzzyDate.parse(value) if value else None

    def get_prep_value(self, value: FuzzyDate | None) -> str:
        return value.iso if value else ""

    def value_for_form(self, value: FuzzyDate | None) -> str:
        return str(value) if value else ""

    class Meta:
        icon = "date"
