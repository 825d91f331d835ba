"""What is written on the way into the association and out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.calendar import today
from cms.calendar.forms import DayField
from plugins.members.models import Application
from plugins.members.services.applications import ContactDifference

from .once import OnceForm


class ApplicationForm(OnceForm):
    """What a municipality enters to join."""

    class Meta:
        model = Application
        fields = [
            "code", "name", "kind", "section", "postcode", "address", "telephone", "email", "lead_name", "head_name",
            "deputy_name", "message",
        ]  # fmt: skip
        widgets = {
            "kind": forms.RadioSelect,
            "email": forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
            "telephone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "message": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [choice for choice in kind.choices if choice[0]]


class AnswerForm(forms.Form):
    """What the applicant answers."""

    text = forms.CharField(label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))


class AskForm(forms.Form):
    """What the secretariat asks."""

    question = forms.CharField(
        label=_("Question to the applicant"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is mailed to the applicant, who answers online with a code."),
    )


class AcceptApplicationForm(forms.Form):
    """From which day the municipality is a member, and which contacts of the register make way for what it typed."""

    starts_on = DayField(
        label=pgettext_lazy("first day", "From"),
        initial=today,
        help_text=_("The first day as a member. Example: 2010-04-01"),
    )
    replace = forms.MultipleChoiceField(
        label=_("The register says otherwise: take over from the application"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What is not ticked stays as it is in the register. Codes for the organisation go to the representative "
            "mail address: ask by telephone before you replace it. The history keeps what was there."
        ),
    )

    def __init__(self, *args: Any, differences: Sequence[ContactDifference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not differences:
            del self.fields["replace"]
            return
        field: Any = self.fields["replace"]
        field.choices = [(one.field, f"{one.label}: {one.registered} → {one.applied}") for one in differences]


class DeclineForm(forms.Form):
    """The letter that declines."""

    letter = forms.CharField(
        label=_("Letter"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("With the reason. It is mailed to the applicant, and can be printed."),
    )


class WithdrawalForm(forms.Form):
    """When a member leaves."""

    ends_on = DayField(
        label=pgettext_lazy("withdrawal", "Leaving on"),
        help_text=_("The first day on which you are no member any more. Example: 2012-04-01"),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ConfirmLeavingForm(forms.Form):
    """On which day the membership ends."""

    ends_on = DayField(
        label=_("Until before"), help_text=_("The first day on which it is no member any more. Example: 2012-04-01")
    )
