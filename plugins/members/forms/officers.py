"""Which officers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.calendar import FiscalYear


class OfficerYearForm(forms.Form):
    """Which fiscal year's officers."""

    fiscal_year = forms.TypedChoiceField(label=_("Fiscal year"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Sequence[FiscalYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._latest = years[0] if years else FiscalYear.current()
        choices: Any = self.fields["fiscal_year"]
        choices.choices = [(year.year, year.label) for year in years]
        self.fields["fiscal_year"].initial = self._latest.year

    @property
    def chosen(self) -> FiscalYear:
        """The chosen year; the latest where none can be read."""
        year = self.cleaned_data.get("fiscal_year") if self.is_bound and self.is_valid() else None
        return FiscalYear(year) if year else self._latest
