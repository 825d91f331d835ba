"""Who took over a seat and has no account, and what the secretariat says to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import SeatRole
from cms.accounts.models import Seat, User
from plugins.members.models import SeatClaim

from .once import OnceForm


class ClaimForm(OnceForm):
    """What somebody enters who took over a seat and has no account."""

    class Meta:
        model = SeatClaim
        fields = ["code", "role", "last_name", "first_name", "message"]
        widgets = {
            "role": forms.RadioSelect,
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "message": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"message": _("For example since when you are in charge, and who was before you.")}


class ApproveClaimForm(forms.Form):
    """On which seat the claimant sits from today."""

    seat = forms.ChoiceField(
        label=_("Seat"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("The seats have changed meanwhile. Please choose again.")},
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[Seat | None, User | None]], role: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._offered = {
            f"{seat.pk if seat else 0}-{holder.pk if holder else 0}": (seat, holder) for seat, holder in offered
        }
        field: Any = self.fields["seat"]
        field.choices = [(key, self._words(seat, holder, role)) for key, (seat, holder) in self._offered.items()]
        field.initial = next(iter(self._offered))

    @property
    def chosen(self) -> tuple[Seat | None, User | None]:
        """The seat, None for a new one, and who was seen to sit there."""
        return self._offered[self.cleaned_data["seat"]]

    @staticmethod
    def _words(seat: Seat | None, holder: User | None, role: str) -> str:
        name = seat.name if seat else SeatRole(role).label
        if seat is None:
            return _("%(seat)s (a new seat)") % {"seat": name}
        if holder is None:
            return _("%(seat)s (nobody sits there)") % {"seat": name}
        if not holder.is_active:
            return _("%(seat)s (takes over today from %(person)s, whose account is closed)") % {
                "seat": name,
                "person": holder,
            }
        return _("%(seat)s (takes over today from %(person)s)") % {"seat": name, "person": holder}


class DeclineClaimForm(forms.Form):
    """Why a claim is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is mailed to the representative address of the organisation."),
    )
