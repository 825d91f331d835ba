"""What members look for in one another, and let see of themselves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.enums import OrganisationKind, Prefecture
from plugins.members.enums import PopulationBand
from plugins.members.models import DirectoryEntry


class PeersForm(forms.Form):
    """Which members to show to another one."""

    q = forms.CharField(label=_("Name of the organisation"), required=False, max_length=50)
    prefecture = forms.ChoiceField(label=_("Prefecture"), required=False, choices=[("", _("All")), *Prefecture.choices])
    kind = forms.ChoiceField(
        label=pgettext_lazy("organisation", "Kind"), required=False, choices=[("", _("All")), *OrganisationKind.choices]
    )
    population = forms.ChoiceField(
        label=_("Population"), required=False, choices=[("", _("All")), *PopulationBand.choices]
    )

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen; nothing where it can't be."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return {name: value for name, value in data.items() if value}


class DirectoryEntryForm(forms.ModelForm[DirectoryEntry]):
    """What a person lets other members see."""

    is_listed = forms.BooleanField(
        label=_("List me by name in the directory of members"),
        required=False,
        help_text=_("Only people of member organisations see it: your name, your role and what you enter below."),
    )

    field_order = ["is_listed", "about", "shows_email"]

    class Meta:
        model = DirectoryEntry
        fields = ["about", "shows_email"]
