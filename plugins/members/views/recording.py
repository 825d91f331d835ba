"""Keeps who saw which page of the register's desk, in the one place through which all of them pass."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from wagtail.admin.views.generic import IndexView

from plugins.members.enums import RegisterUse
from plugins.members.services.uses import use_record

from .desk import person_of


def recorded(patterns: Iterable[URLPattern], *, but: Iterable[str] = ()) -> list[URLPattern]:
    """Return the addresses, each of which records who saw what; those named in `but` show nobody's data."""
    passed, kept = set(but), list(patterns)
    for pattern in kept:
        view: Any = pattern.callback
        if pattern.name not in passed and not issubclass(view.view_class, RecordedMixin):
            seen: Any = type(view.view_class.__name__, (RecordedMixin, view.view_class), {})
            pattern.callback = seen.as_view(**view.view_initkwargs)
    return kept


class RecordedMixin:
    """Records who looked; rows that are fetched while somebody types count, too, and a refusal doesn't."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]  # of the view
        if response.status_code == HTTPStatus.OK:
            is_file = response.has_header("Content-Disposition")
            shown = RegisterUse.LIST if isinstance(self, IndexView) else RegisterUse.RECORD
            use_record(person=person_of(request), use=RegisterUse.EXPORT if is_file else shown, detail=_words(self))
        return response


def _words(view: Any) -> str:
    """Say in words what a page shows: its title, and of what, or which rows."""
    of_what = _looked_for(view) if isinstance(view, IndexView) else str(view.get_page_subtitle() or "")
    title = str(view.get_page_title())
    return f"{title}: {of_what}" if of_what else title


def _looked_for(view: IndexView) -> str:
    view.filters.is_valid()  # which makes it read what was typed
    chosen = [f"{one.field_label}: {one.value}" for one in view.active_filters]
    return ", ".join([*chosen, view.search_query] if view.search_query else chosen)
