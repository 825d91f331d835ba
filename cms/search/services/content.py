"""What the search keeps of a page: whatever its type declares in `search_fields`, and what `search_text()` adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from wagtail.models import Page
from wagtail.search import index

from cms.calendar.eras import era_date

PARAGRAPH = "\n\n"


def page_text(page: Page) -> str:
    """Return the words of a specific page without its title, part by part."""
    fields = [field for field in page.get_search_fields() if getattr(field, "field_name", "") != "title"]
    own = list(page.search_text()) if hasattr(page, "search_text") else []
    parts = [*fields_text(page, fields), *own]
    return PARAGRAPH.join(part for part in (part.strip() for part in parts) if part)


def fields_text(instance: Any, fields: Iterable[Any], kind: type[Any] = index.SearchField) -> Iterator[str]:
    """Yield the strings of an object's search fields of one kind, and of what it is related to."""
    for field in fields:
        if isinstance(field, kind):
            yield from _flat(field.get_value(instance))
        elif isinstance(field, index.RelatedFields):
            value = field.get_value(instance)
            for related in value.all() if hasattr(value, "all") else [value]:
                yield from fields_text(related, field.fields, kind) if related is not None else ()


def _flat(value: Any) -> Iterator[str]:
    """Yield the strings of what a search field gives: a string, a number, or lists of them (a stream gives a list)."""
    if value is None:
        return
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from _flat(item)
    else:
        yield str(value)


def day_text(day: date | None) -> str:
    """Write a day in both calendars, for whoever looks for what happened on it. It is searched and never shown."""
    return f"{era_date(day)}{PARAGRAPH}{day.year}年{day.month}月{day.day}日" if day else ""
