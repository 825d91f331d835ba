"""What people type at the door, and what the secretariat types in the admin."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.account import NameEmailForm
from wagtail.users.forms import GroupForm, PagePermissionsForm, UserCreationForm, UserEditForm

from cms.plugin_api.state import disabled_plugins

from .models import Affiliation, Organisation, User
from .querysets import SpokenPermissions
from .services import name_keep
from .tasks import password_reset_mail_send
from .validators import normalise_key, normalise_municipal_code


class IDField(forms.CharField):
    """A login ID: what was typed in full width is read in half width, before its form is checked."""

    def to_python(self, value: Any) -> Any:
        return normalise_key(super().to_python(value) or "")


class AddressField(forms.EmailField):
    """A mail address, read in half width before its form is checked."""

    def to_python(self, value: Any) -> Any:
        return normalise_key(super().to_python(value) or "")


class LoginForm(AllauthLoginForm):
    """Takes the login ID, or the mail address of somebody who shares it with nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = IDField(
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
        self.fields["email"] = AddressField(
            label=_("Mail address"),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            help_text=_("The address that the secretariat has on file for you. Example: joho@example.jp"),
        )

    def clean_email(self) -> str:
        """Look nobody up: the time of the answer would tell."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: Any, **kwargs: Any) -> str:
        """Leave the mail to a job."""
        email = self.cleaned_data["email"]
        password_reset_mail_send.enqueue(email, get_language())
        return email


class AddKeyForm(AddWebAuthnForm):
    """Registers a passkey or a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("Tells your keys apart. Example: USB key in the office")
        self.fields["passwordless"].label = _("Log in with this key alone, without ID and password")
        self.fields["passwordless"].help_text = _("The key then asks for a PIN, a fingerprint or your face.")


class EditKeyForm(EditWebAuthnForm):
    """Names a key anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class OrganisationsByCodeField(forms.CharField):
    """Several organisations by their municipal codes: with 1,700 of them a list to tick would help nobody."""

    def prepare_value(self, value: Any) -> Any:
        """Show the codes of what is stored; what was typed stays as it was typed."""
        if isinstance(value, str) or value is None:
            return value
        return " ".join(organisation.code or "" for organisation in value)

    def clean(self, value: str) -> list[Organisation]:
        """Return the organisations, or say which codes are nobody's."""
        typed = [normalise_municipal_code(code) for code in super().clean(value).replace("、", " ").split()]
        found = list(Organisation.objects.filter(code__in=typed))
        unknown = sorted(set(typed) - {organisation.code for organisation in found})
        if unknown:
            message = _("No organisation has this code: %(codes)s")
            raise ValidationError(message, code="unknown", params={"codes": " ".join(unknown)})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the codes, not the texts."""
        return set((self.prepare_value(initial) or "").split()) != set((data or "").split())


class OrganisationForm(WagtailAdminModelForm):
    """An organisation with its seats and the people on them, checked as a whole: a hand-over is one submission."""

    successors = OrganisationsByCodeField(
        required=False,
        label=_("successors"),
        help_text=_("Municipal codes of what came of it, for example after a merger. Example: 382019 382027"),
    )

    def is_valid(self) -> bool:
        """Also look at the affiliations together, once each of them is right by itself."""
        return super().is_valid() and self._affiliations_agree()

    def _affiliations_agree(self) -> bool:
        rows = list(self._affiliation_forms())
        for earlier, later in combinations(rows, 2):
            self._report(later, later.instance.conflict_with(earlier.instance))
        for row in rows:
            for elsewhere in self._held_elsewhere(row.instance):
                self._report(row, row.instance.conflict_with(elsewhere))
        return not any(row.errors for row in rows)

    def _affiliation_forms(self) -> Iterator[forms.ModelForm]:
        for seat_form in _kept(self.formsets["seats"]):
            seat_form.instance.organisation = self.instance
            for form in _kept(seat_form.formsets["affiliations"]):
                form.instance.seat = seat_form.instance
                yield form

    def _held_elsewhere(self, affiliation: Affiliation) -> Iterable[Affiliation]:
        others = Affiliation.objects.of_person(affiliation.person).exclude(organisation_id=self.instance.pk)
        return others.overlapping(affiliation.starts_on, affiliation.ends_on).select_related(
            "person", "seat__organisation"
        )

    def _report(self, form: forms.ModelForm, conflict: ValidationError | None) -> None:
        if conflict and not form.errors:
            form.add_error(NON_FIELD_ERRORS, conflict)

    def save(self, commit: bool = True) -> Organisation:  # noqa: FBT001, FBT002  Django's signature
        """Save all or nothing. Changed rows are taken out first: SQLite looks at each row as it comes in."""
        with transaction.atomic():
            if commit:
                changed = [form.instance.pk for form in self._affiliation_forms() if form.has_changed()]
                Affiliation.objects.filter(pk__in=[pk for pk in changed if pk]).delete()
            return super().save(commit=commit)


def _kept(formset: Any) -> list[Any]:
    """Return the rows that are filled in and not struck out."""
    return [
        form for form in formset.forms if form not in formset.deleted_forms and (form.has_changed() or form.instance.pk)
    ]


class _PersonFields(forms.ModelForm):
    """Names in Japanese order; an address that may be shared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("last_name", "first_name", "email"):
            # Wagtail declares these fields anew, with its own words.
            model_field = self._meta.model._meta.get_field(name)  # noqa: SLF001  Django's documented API
            self.fields[name].label = model_field.verbose_name
            self.fields[name].help_text = model_field.help_text
        self.fields["username"].help_text = User.LOGIN_ID_HINT
        self.fields["first_name"].required = False


class PersonCreationForm(_PersonFields, UserCreationForm):
    """A new person. They choose their password themselves: by the mail for a new one, on a seat by an invitation."""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  Django's signature
        """Leave the account without a password."""
        self.instance.set_unusable_password()
        return super().save(commit=commit)


class NameKept(forms.ModelForm):
    """Keeps the earlier name of a person whose name is changed."""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  Django's signature
        person: User = super().save(commit=commit)
        name_keep(person=person, name=f"{self.initial['last_name']} {self.initial['first_name']}".strip())
        return person


class PersonEditForm(_PersonFields, NameKept, UserEditForm):
    """A person who has an account."""


class OwnNameForm(NameKept, NameEmailForm):
    """One's own name, on Wagtail's page of the account."""


class EditorGroupForm(GroupForm):
    """Wagtail's form of a group, its permissions in words of the reader's language.

    Those of plugins that are off are not offered. Wagtail's `save` keeps what a group has besides the registered ones.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["permissions"]
        off = [plugin.slug for plugin in disabled_plugins()]
        field.queryset = self.registered_permissions = field.queryset.exclude(content_type__app_label__in=off)
        _speak(field)


def _speak(field: forms.ModelMultipleChoiceField) -> None:
    if field.queryset is not None:
        field.queryset._iterable_class = SpokenPermissions  # noqa: SLF001  as `values()` does; Wagtail's template reads rows


_speak(PagePermissionsForm.base_fields["permissions"])
