"""Reads what the editor's script asks about a form that is still being filled in."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model

from .models import BasePage


class ProposalForm(forms.Form):
    """Holds those fields of a page type from which its title and slug follow; `cleaned_data` has the sound ones."""

    page = forms.IntegerField(required=False)

    def __init__(self, page_type: type[BasePage], data: Any) -> None:
        super().__init__(data)
        self.page_type = page_type
        self.fields |= fields_for_model(page_type, fields=page_type.proposed_from)
        for name in page_type.proposed_from:
            # A model's own validators run on its instances only, and there is none yet.
            self.fields[name].validators += page_type._meta.get_field(name).validators  # noqa: SLF001 - public name

    def proposal(self) -> dict[str, str]:
        """Return the title and slug that follow; nothing while what they follow from is incomplete."""
        self.full_clean()
        return self.page_type.proposed(self.cleaned_data, page_id=self.cleaned_data.get("page"))
