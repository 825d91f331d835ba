"""Keeps what the admin's own search knows of an object."""

from __future__ import annotations

from typing import Any

from wagtail.search import index

from cms.fulltext.folding import fold
from cms.search.models import StaffEntry, table_of

from .content import PARAGRAPH, fields_text


def staff_entry_put(*, instance: Any) -> None:
    """Write down what an indexed object is called, and all that its model declares as searchable."""
    declared = instance.get_search_fields()
    titles = fold(PARAGRAPH.join(fields_text(instance, declared, index.AutocompleteField)))
    text = fold(PARAGRAPH.join(fields_text(instance, declared, index.SearchField)))
    StaffEntry.objects.update_or_create(
        model=table_of(type(instance)),
        object_id=instance.pk,
        defaults={"titles": _storable(titles), "text": _storable(f"{titles}{PARAGRAPH}{text}")},
    )


def _storable(text: str) -> str:
    """Leave out NUL, which PostgreSQL refuses."""
    return text.replace("\x00", "")
