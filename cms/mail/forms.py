"""What people type: a printed code, where a test mail goes, an official notice."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from cms.mail.models import Notice
from cms.mail.services.choices import Choice
from cms.mail.services.codes import LENGTH, code_normalise
from cms.mail.services.notices import CRITERIA, audiences_offered, criteria_form, notice_placeholders
from cms.mail.validators import address_problem, normalise_address, validate_placeholders


class CodeForm(forms.Form):
    """The code, however it was typed."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "Eight letters and digits from the mail or the letter. Capitals, spaces and the hyphen don't matter."
        ),
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

    address = forms.CharField(
        label=pgettext_lazy("mail", "address"), max_length=254, help_text=_("Example: joho@example.jp")
    )

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

    address = forms.CharField(
        label=pgettext_lazy("mail", "address"), max_length=254, help_text=_("Example: joho@example.jp")
    )
    detail = forms.CharField(label=_("Why"), max_length=500, help_text=_("Example: asked for by telephone on 9 June"))

    def clean_address(self) -> str:
        """Compare addresses in one form."""
        return normalise_address(self.cleaned_data["address"])


class NoticeForm(WagtailAdminModelForm):
    """An official notice, with the fields by which its audience is narrowed above its words."""

    class Meta:
        model = Notice
        fields = ["subject", "text", "reply_to", "due_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience = audiences_offered().get(self.instance.audience)
        stored = dict(self.data.lists()) if self.is_bound else self.instance.criteria
        self.criteria = criteria_form(audience=self.audience, criteria=stored) if self.audience else None
        if self.audience:
            names = ", ".join(f"{{{{{name}}}}}" for name in notice_placeholders(audience=self.audience))
            words = self.fields["text"].help_text
            self.fields["text"].help_text = _("%(words)s You can use: %(names)s.") % {"words": words, "names": names}
        narrowing = {f"{CRITERIA}-{name}": field for name, field in self._narrowing().items()}
        self.fields.update(narrowing)
        self.order_fields(list(narrowing))

    def _narrowing(self) -> dict[str, forms.Field]:
        """Return copies of the audience's fields, which show what is stored."""
        if self.criteria is None:
            return {}
        fields = deepcopy(self.criteria.fields)
        for name, field in fields.items():
            field.initial = self.criteria[name].value()
        return fields

    def clean_due_at(self) -> Any:
        """Refuse a moment that has passed."""
        due_at = self.cleaned_data["due_at"]
        if due_at is not None and due_at <= timezone.now():
            raise ValidationError(_("This moment has passed. Leave it empty to send the notice at once."))
        return due_at

    def clean_reply_to(self) -> str:
        """Explain why an address can't be mailed."""
        address = normalise_address(self.cleaned_data["reply_to"])
        if address and (problem := address_problem(address)):
            raise ValidationError(problem)
        return address

    def clean(self) -> dict[str, Any]:
        """Check the placeholders against the closed list, and the audience's form by its own rules."""
        data: dict[str, Any] = super().clean()
        if self.audience is None:
            raise ValidationError(_("This audience is not available now. Is the plugin that knows it switched off?"))
        for name in ("subject", "text"):
            try:
                validate_placeholders(data.get(name, ""), notice_placeholders(audience=self.audience))
            except ValidationError as error:
                self.add_error(name, error)
        if self.criteria is not None and not self.criteria.is_valid():
            self._take_over(self.criteria)
        return data

    def _take_over(self, criteria: forms.Form) -> None:
        for name, errors in criteria.errors.as_data().items():
            own = None if name == "__all__" else f"{CRITERIA}-{name}"
            if own is None or own not in self.errors:
                self.add_error(own, ValidationError(errors))

    def save(self, commit: bool = True) -> Notice:  # noqa: FBT001, FBT002  Django's signature
        """Keep what was typed into the audience's form beside the words."""
        typed = dict(self.data.lists())
        self.instance.criteria = {name: typed[name] for name in typed if name.startswith(f"{CRITERIA}-")}
        notice: Notice = super().save(commit=commit)
        return notice


class ChoicesForm(forms.Form):
    """A tick for each kind of mail. An official one is ticked and stays so."""

    def __init__(self, *args: Any, choices: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in choices:
            self.fields[choice.kind.slug] = forms.BooleanField(
                label=str(choice.kind.label),
                help_text=str(choice.kind.told),
                required=False,
                initial=choice.wanted,
                disabled=choice.kind.official,
            )

    @property
    def choosable(self) -> list[forms.BoundField]:
        return [field for field in self if not field.field.disabled]

    @property
    def fixed(self) -> list[forms.BoundField]:
        return [field for field in self if field.field.disabled]

    @property
    def wanted(self) -> set[str]:
        """The kinds that were ticked."""
        return {name for name, ticked in self.cleaned_data.items() if ticked} if self.is_valid() else set()
