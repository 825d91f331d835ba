"""Who takes a seat, and how they come to an account."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.enums import SeatRole
from cms.accounts.forms import AddressField, IDField
from cms.accounts.models import Affiliation, Seat, User
from cms.accounts.validators import validate_login_id
from cms.calendar import today
from cms.calendar.forms import DayField
from plugins.members.services.seats import PersonData


class AcceptForm(forms.Form):
    """The ID and the password that somebody invited chooses."""

    username = IDField(
        label=_("Login ID"),
        max_length=150,
        help_text=User.LOGIN_ID_HINT,
        validators=[validate_login_id],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self) -> str:
        """Say at once where somebody has the ID."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exclude(pk=self.person.pk).exists():
            raise forms.ValidationError(_("This ID is taken. Please choose another one."))
        return username

    def clean_password(self) -> str:
        """Ask the rules for passwords."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Compare both passwords."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ. Please type both again."))
        return data


class PersonForm(forms.Form):
    """Somebody who has no account yet."""

    last_name = forms.CharField(label=_("Family name"), max_length=150, help_text=_("Example: 山田"))
    first_name = forms.CharField(label=_("Given name"), max_length=150, required=False, help_text=_("Example: 太郎"))
    email = AddressField(
        label=_("Mail address"),
        help_text=_("The section's shared address is fine. Example: joho@example.jp"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    @property
    def person(self) -> PersonData:
        """Who was typed."""
        data = self.cleaned_data
        return PersonData(last_name=data["last_name"], first_name=data["first_name"], email=data["email"])


class EndForm(forms.Form):
    """From which day a seat is empty."""

    on = DayField(label=_("First day without this person"), help_text=_("Example: 平成22年4月1日 or 2010-04-01"))


class HandoverForm(PersonForm):
    """Who takes a seat from which day: a colleague, or somebody new."""

    on = DayField(label=_("First day of the successor"), help_text=_("Example: 平成22年4月1日 or 2010-04-01"))
    colleague = forms.ModelChoiceField(
        label=_("A colleague who has a seat already"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Somebody new (please fill in below)"),
    )

    field_order = ["on", "colleague", "last_name", "first_name", "email"]

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Affiliation.objects.active_on(today()).filter(organisation=seat.organisation_id)
        holders = here.filter(seat=seat).values("person")
        colleagues = User.objects.active().filter(pk__in=here.values("person")).exclude(pk__in=holders)
        self.fields["colleague"].queryset = colleagues  # type: ignore[attr-defined]  # of a ModelChoiceField
        for name in ("last_name", "email"):
            self.fields[name].required = False
            self.fields[name].needed_when = _("required for somebody new")  # type: ignore[attr-defined]  # said by the form

    def clean(self) -> dict[str, Any]:
        """Ask for the name and the address of somebody new."""
        data = super().clean() or {}
        for name in () if data.get("colleague") else self.needed(data):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, forms.Field.default_error_messages["required"])
        return data

    def needed(self, data: dict[str, Any]) -> Collection[str]:
        """Name what must be typed of somebody new."""
        return ("last_name", "email")

    @property
    def successor(self) -> User | PersonData:
        """The colleague, or who was typed."""
        return self.cleaned_data["colleague"] or self.person


class SeatForm(forms.Form):
    """Role and note of a seat."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    label = forms.CharField(
        label=pgettext_lazy("remark", "Note"),
        max_length=50,
        required=False,
        help_text=_("Tells two seats of the same role apart. Example: システム担当"),
    )

    def __init__(self, *args: Any, roles: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [choice for choice in SeatRole.choices if choice[0] in roles]  # type: ignore[attr-defined]  # of a ChoiceField


class NewSeatForm(SeatForm, PersonForm):
    """A seat and who is invited to it."""

    field_order = ["role", "label", "last_name", "first_name", "email"]


class HandoverAtDeskForm(HandoverForm):
    """What the secretariat announces for an organisation that called."""

    by_letter = forms.BooleanField(
        label=_("Invite by letter, which is printed next"),
        required=False,
        help_text=_("No mail address is needed then."),
    )

    def needed(self, data: dict[str, Any]) -> Collection[str]:
        """Ask for no mail address where the post brings the code."""
        return ("last_name",) if data.get("by_letter") else super().needed(data)
