"""What stands in for an item whose block can't be used now: its plugin is off, dormant or no longer installed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import FieldBlock, StreamValue

KEPT = "kept"
"""The type under which such an item travels through the editor's form; never stored."""

MARK_LENGTH = 8

HELP = _("It is kept unchanged and is not shown. It can be edited again once its plugin is on.")


@dataclass(frozen=True)
class KeptItem:
    """An item carried through untouched.

    `raw` is None between the form and the save: from there come only the id and a `mark`, by which the form of an older
    revision means the content of then.
    """

    id: str
    raw: dict[str, Any] | None = None
    mark: str = ""

    @classmethod
    def of(cls, raw: dict[str, Any]) -> KeptItem:
        """Wrap stored data; an item stored without an id gets one that stays the same as long as its content does."""
        stable = uuid5(NAMESPACE_OID, json.dumps(raw, sort_keys=True, default=str))
        return cls(id=str(raw.get("id") or stable), raw=raw, mark=stable.hex[:MARK_LENGTH])

    @property
    def type(self) -> str:
        return str(self.raw["type"]) if self.raw else ""

    @property
    def stored(self) -> dict[str, Any]:
        """The data to write: exactly what was read."""
        return self.raw if self.raw is not None else {"type": KEPT, "value": None, "id": self.id}


class KeptNotice(forms.TextInput):
    """Says what is kept. Its text is for people, but for the mark at its end."""

    def __init__(self) -> None:
        super().__init__(attrs={"readonly": True, "tabindex": "-1"})


class KeptBlock(FieldBlock):
    """Shows the editor that something is kept here, and takes nothing from the form but its id and mark."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, widget=KeptNotice(), help_text=HELP)
        super().__init__(**kwargs)

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> KeptItem:
        _type, _space, mark = str(data.get(prefix) or "").partition(" ")
        return KeptItem(id=str(data.get(prefix.removesuffix("-value") + "-id") or ""), mark=mark)

    def get_form_state(self, value: KeptItem | None) -> str:
        return f"{value.type} {value.mark}" if isinstance(value, KeptItem) else ""

    def clean(self, value: KeptItem) -> KeptItem:
        return value

    def normalize(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return None

    def get_searchable_content(self, value: Any) -> list[str]:
        return []

    def render(self, value: Any, context: dict[str, Any] | None = None) -> SafeString:
        return format_html("")

    class Meta:
        label = _("Part of a plugin that is not available")
        icon = "lock"
        default = None
        search_index = False


class KeptChild(StreamValue.StreamChild):
    """The item as the stream holds it: it renders nothing and writes back what was read."""

    value: KeptItem

    def __init__(self, block: KeptBlock, item: KeptItem) -> None:
        super().__init__(block, item, id=item.id)

    @property
    def block_type(self) -> str:
        return self.value.type or KEPT

    def get_prep_value(self) -> dict[str, Any]:
        return self.value.stored

    def render(self, context: dict[str, Any] | None = None) -> SafeString:
        return format_html("")
