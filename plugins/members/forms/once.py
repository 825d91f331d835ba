"""A form of visitors that is stored once, however often it is sent."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from cms.contact.forms import OpenForm


class OnceForm(OpenForm):
    """Each form has a mark of its own, so that sent twice it is one row."""

    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_token", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.instance.form_token = data.get("form_token") or uuid.uuid4()
        return data
