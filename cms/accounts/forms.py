"""What people type at the door."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import User
from .tasks import password_reset_mail_send
from .validators import normalise_key


class LoginForm(AllauthLoginForm):
    """Takes the login ID, or the mail address of somebody who shares it with nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Login ID or mail address"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
            help_text=_("If your section shares one mail address, please use your login ID."),
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = _("Stay logged in on this computer")
        self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        """Accept what was typed in full width."""
        return normalise_key(self.cleaned_data["login"])

    def user_credentials(self) -> dict[str, str]:
        """Put the ID in the place of an address that has one owner, so that both are throttled as one account."""
        credentials = super().user_credentials()
        login = credentials["username"]
        if "@" in login:
            owners = list(User.objects.active().with_email(login).values_list("username", flat=True)[:2])
            if len(owners) == 1:
                credentials["username"] = owners[0]
        return credentials


class ResetPasswordForm(AllauthResetPasswordForm):
    """Takes an address and answers the same whether anybody has it or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("Mail address"),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            help_text=_("The address that the secretariat has on file for you. Example: joho@example.jp"),
        )

    def clean_email(self) -> str:
        """Look nobody up: the time of the answer would tell."""
        return normalise_key(self.cleaned_data["email"]).lower()

    def save(self, request: Any, **kwargs: Any) -> str:
        """Leave the mail to a job."""
        email = self.cleaned_data["email"]
        password_reset_mail_send.enqueue(email, get_language())
        return email
