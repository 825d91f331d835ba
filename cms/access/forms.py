"""The form of a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import Audience
from .models import Group
from .selectors.reach import Reach


class AccessRuleForm(forms.Form):
    """Asks whom a page, or the files of a collection, are for."""

    audience = forms.ChoiceField(label=_("Who may read"), widget=forms.RadioSelect)
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=Group.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Whoever is in any of the ticked groups may read."),
    )

    def __init__(self, data: Any = None, *, reach: Reach) -> None:
        own = reach.own
        initial = {"audience": own.audience, "groups": own.groups} if own else {"audience": Audience.EVERYONE}
        super().__init__(data, initial=initial)
        unset = _("Everyone") if reach.inherited.is_open else _("No narrower than above")
        self.fields["audience"].choices = [  # type: ignore[attr-defined]  # of a ChoiceField
            (Audience.EVERYONE, unset),
            (Audience.MEMBERS, Audience.MEMBERS.label),
            (Audience.GROUPS, Audience.GROUPS.label),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a group where groups are named."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("audience") == Audience.GROUPS and not data.get("groups") and "groups" not in self.errors:
            self.add_error("groups", _("Choose at least one group."))
        return data
