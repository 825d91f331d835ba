"""To whom a notice goes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.enums import OrganisationKind, Prefecture
from plugins.members.enums import WrittenTo


class OrganisationsForm(forms.Form):
    """Which organisations are written to; empty means all of them."""

    kind = forms.MultipleChoiceField(
        label=pgettext_lazy("organisation", "Kind"),
        required=False,
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    prefecture = forms.MultipleChoiceField(label=_("Prefecture"), required=False, choices=Prefecture.choices)
    population_min = forms.IntegerField(
        label=_("Population from"), required=False, min_value=0, help_text=_("Example: 50000")
    )
    population_max = forms.IntegerField(
        label=_("Population up to"), required=False, min_value=0, help_text=_("Example: 100000")
    )


class MembersForm(OrganisationsForm):
    """Which members are written to, and who there."""

    to = forms.ChoiceField(
        label=_("Who there"),
        required=False,
        choices=WrittenTo.choices,
        initial=WrittenTo.PEOPLE,
        widget=forms.RadioSelect,
    )
