"""What the roster confirmation asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.calendar.forms import DayField
from cms.calendar.spans import EARLIEST, LATEST, OUT_OF_REACH
from plugins.members.enums import RosterAnswer


class RosterAnswerForm(forms.Form):
    """What an organisation says of its people, in the words of somebody whose name is known."""

    answer = forms.ChoiceField(
        label=_("Are these people still in charge?"), choices=RosterAnswer.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What changes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who goes, who comes, from which day, with which mail address."),
    )


class ConfirmRosterForm(RosterAnswerForm):
    """What an organisation says by code: whoever has it says who they are."""

    name = forms.CharField(label=_("Your name"), max_length=150)


class RosterRecordForm(forms.Form):
    """What an organisation said on the telephone."""

    answer = forms.ChoiceField(label=_("Answer"), choices=RosterAnswer.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("What changes"), max_length=2000, required=False, widget=forms.Textarea)


class RosterStartForm(forms.Form):
    """A round: its title and deadline."""

    title = forms.CharField(label=_("Title"), max_length=100, help_text=_("Example: 平成22年度担当者名簿の確認"))
    deadline = DayField(label=_("Deadline"), help_text=_("The last day to answer. Example: 2010-04-23"))


class RosterRemindForm(forms.Form):
    """Remembers when its reader saw who is silent: who was asked since is not asked again."""

    shown_at = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown_at"] = timezone.now().isoformat()  # to the microsecond, which a moment would lose

    def clean_shown_at(self) -> dt.datetime:
        """Refuse a moment that no page has shown, and that no database could compare."""
        moment: dt.datetime = self.cleaned_data["shown_at"]
        if not EARLIEST <= moment.date() <= LATEST:
            raise forms.ValidationError(OUT_OF_REACH)
        return moment
