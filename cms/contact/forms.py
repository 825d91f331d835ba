"""The form that people write to the secretariat with, and the traps for programs that fill in any form."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from cms.mail.validators import address_problem, normalise_address

from .models import Enquiry
from .services import new_form_token

SIGNER = signing.TimestampSigner(salt="cms.contact.form")
FASTEST = timedelta(seconds=3)
OLDEST = timedelta(days=1)


class TrapInput(forms.TextInput):
    """A field that people neither see nor reach, and programs fill in."""

    template_name = "contact/widgets/trap.html"
    is_hidden = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["label"] = _("Leave this empty")
        return context


class OpenForm(forms.ModelForm):
    """A form that anybody may send, with an address for the answer and a trap for programs."""

    website = forms.CharField(required=False, widget=TrapInput)

    @property
    def was_filled_in_by_a_program(self) -> bool:
        return bool(self.data.get("website"))

    def clean_email(self) -> str:
        """Explain why an address can't be mailed."""
        address = normalise_address(self.cleaned_data["email"])
        if problem := address_problem(address):
            raise forms.ValidationError(problem)
        return address


class EnquiryForm(OpenForm):
    """What the secretariat needs for an answer."""

    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Enquiry
        fields = ["name", "organisation", "email", "telephone", "subject", "text"]
        labels = {
            "name": _("Your name"),
            "organisation": _("Your organisation"),
            "email": _("Your mail address"),
            "telephone": _("Your telephone number"),
            "subject": _("What it is about"),
            "text": _("Your message"),
        }
        help_texts = {
            "organisation": _("Example: Information Policy Section of a city"),
            "email": _("The answer goes there. Example: joho@example.jp"),
            "text": _("Up to 4,000 characters. Please leave out passwords and personal data that is not needed."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
            "telephone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_token", SIGNER.sign(str(new_form_token())))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.instance.form_token = self._token(data.get("form_token") or "")
        return data

    def _token(self, signed: str) -> uuid.UUID:
        """Return the form's own mark. What was typed stays; a form that lay open too long gets a new mark."""
        try:
            text = SIGNER.unsign(signed, max_age=OLDEST)
        except signing.BadSignature:
            self._hand_out_again()
            raise forms.ValidationError(
                _("The form was open for more than a day. Please check what you wrote and send it once more."),
                code="old",
            ) from None
        if self._age_is_below(signed):
            raise forms.ValidationError(
                _("That was faster than anybody types. Please check what you wrote and send it once more."),
                code="fast",
            )
        return uuid.UUID(text)

    def _age_is_below(self, signed: str) -> bool:
        try:
            SIGNER.unsign(signed, max_age=FASTEST)
        except signing.SignatureExpired:
            return False
        return True

    def _hand_out_again(self) -> None:
        self.data = {
            **{name: self.data.get(name) for name in self.data},
            "form_token": SIGNER.sign(str(new_form_token())),
        }
