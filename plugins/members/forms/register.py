"""What people type and choose about the register."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.enums import OrganisationKind, Prefecture
from cms.accounts.forms import OrganisationsByCodeField
from cms.calendar import today
from cms.calendar.forms import DayField
from plugins.members.enums import Change, ImportKind, JoinReason, LeaveReason


class StatusForm(forms.Form):
    """As of which day. What can't be read is said, and today is shown instead."""

    on = DayField(
        label=_("As of"),
        required=False,
        max_length=30,
        help_text=_("Example: 平成22年2月1日 or 2010-02-01"),
        widget=forms.TextInput(attrs={"size": 16}),
    )

    @property
    def day(self) -> dt.date:
        """The chosen day, or today."""
        return (self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None) or today()


class RegisterForm(StatusForm):
    """Which members on that day."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("organisation", "Kind"),
        required=False,
        choices=[("", _("All")), *OrganisationKind.choices],
        initial="",
    )
    prefecture = forms.ChoiceField(
        label=_("Prefecture"), required=False, choices=[("", _("All")), *Prefecture.choices, ("00", _("No prefecture"))]
    )
    change = forms.ChoiceField(
        label=_("Since the end of the last fiscal year"),
        required=False,
        choices=[("", _("All members")), *Change.choices],
    )

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen besides the day; nothing where it can't be."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return {name: data[name] for name in ("kind", "prefecture", "change") if data.get(name)}


class AdmitForm(forms.Form):
    """From which day an organisation is a member."""

    starts_on = DayField(
        label=pgettext_lazy("first day", "From"),
        initial=today,
        help_text=_("The first day as a member. Example: 2010-04-01"),
    )
    join_reason = forms.ChoiceField(
        label=_("How it began"), choices=JoinReason.choices, initial=JoinReason.JOINED, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=pgettext_lazy("remark", "Note"),
        max_length=300,
        required=False,
        help_text=_("Example: 申込書 平成22年3月15日受付"),
    )


class WithdrawForm(forms.Form):
    """From which day a member is none any more."""

    ends_on = DayField(
        label=_("Until before"), help_text=_("The first day on which it is no member any more. Example: 2012-04-01")
    )
    leave_reason = forms.ChoiceField(
        label=_("Why it ended"), choices=LeaveReason.choices, initial=LeaveReason.WITHDREW, widget=forms.RadioSelect
    )


class CloseForm(forms.Form):
    """What becomes of an organisation that ends."""

    on = DayField(
        label=_("In force until before"), help_text=_("The first day on which it no longer exists. Example: 2010-03-31")
    )
    successors = OrganisationsByCodeField(
        required=False,
        label=_("Successors"),
        help_text=_("Municipal codes of what came of it, for example after a merger. Example: 382019 382027"),
    )
    succeed = forms.BooleanField(
        required=False,
        initial=True,
        label=_("The successors become members on that day, if this organisation is one and they are not"),
    )


class UploadForm(forms.Form):
    """A file of rows."""

    kind = forms.ChoiceField(
        label=_("What the rows are"),
        choices=ImportKind.choices,
        initial=ImportKind.ORGANISATIONS,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV (UTF-8 or Shift_JIS) or xlsx, up to 10 MB"))
