"""What people type: a printed code, and where a test mail goes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.mail.services.codes import LENGTH, code_normalise
from cms.mail.validators import address_problem, normalise_address


class CodeForm(forms.Form):
    """The code, however it was typed."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Eight letters and digits from the mail. Capitals, spaces and the hyphen don't matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """Say at once when something is missing or too much."""
        code = code_normalise(self.cleaned_data["code"])
        if len(code) != LENGTH:
            raise forms.ValidationError(
                _("A code has %(length)s letters and digits; you entered %(entered)s."),
                params={"length": LENGTH, "entered": len(code)},
            )
        return code


class TestMailForm(forms.Form):
    """To whom a test mail goes."""

    address = forms.CharField(label=_("address"), max_length=254, help_text=_("Example: joho@example.jp"))

    def clean_address(self) -> str:
        """Explain why an address can't be mailed."""
        address = normalise_address(self.cleaned_data["address"])
        if problem := address_problem(address):
            raise forms.ValidationError(problem)
        return address


class UnknownForm(forms.Form):
    """What somebody found out about a delivery of unknown outcome."""

    outcome = forms.ChoiceField(
        label=_("What did you find out?"),
        choices=[
            ("arrived", _("It arrived: count it as sent")),
            ("missing", _("It did not arrive: send it once more")),
        ],
        widget=forms.RadioSelect,
    )


class SuspendForm(forms.Form):
    """An address to which nothing shall be mailed, and why."""

    address = forms.CharField(label=_("address"), max_length=254, help_text=_("Example: joho@example.jp"))
    detail = forms.CharField(label=_("Why"), max_length=500, help_text=_("Example: asked for by telephone on 9 June"))

    def clean_address(self) -> str:
        """Compare addresses in one form."""
        return normalise_address(self.cleaned_data["address"])
