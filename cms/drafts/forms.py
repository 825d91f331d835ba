"""The form of a link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import Lasting
from .models import DraftLink


class DraftLinkForm(forms.ModelForm[DraftLink]):
    """Asks for how long, and for whom."""

    lasting = forms.TypedChoiceField(
        label=_("Lasts for"), choices=Lasting.choices, coerce=lambda value: Lasting(int(value)), initial=Lasting.WEEK
    )

    class Meta:
        model = DraftLink
        fields = ["note"]

    field_order = ["lasting", "note"]
