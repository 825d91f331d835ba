"""Model fields for dates."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from .forms import FuzzyDateFormField
from .fuzzy import MAX_LENGTH, FuzzyDate

if TYPE_CHECKING:
    _Base = models.CharField[FuzzyDate | str | None, FuzzyDate | None]
else:
    _Base = models.CharField


class FuzzyDateField(_Base):
    """Stores a FuzzyDate in one sortable text column; nothing entered is the empty text and reads as None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> FuzzyDate | None:
        return FuzzyDate.parse(value) if value else None

    def to_python(self, value: Any) -> FuzzyDate | None:
        if value is None or isinstance(value, FuzzyDate):
            return value
        try:
            return FuzzyDate.parse(str(value)) if value else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> str:
        stored = self.to_python(value)
        return stored.iso if stored else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(self.get_prep_value(value), model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": FuzzyDateFormField, **kwargs})
