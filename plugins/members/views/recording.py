"""Keeps who saw which page of the register's desk, in the one place through which all of them pass.

One rule: whatever shows, sends or prints names is one row, whether it was asked for by GET or answers a form. What only
changes something and leads on shows nobody; it stands in the history of the organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import IndexView

from cms.plugin_api.seen import looked_for
from cms.plugin_api.ticked import NAMED
from plugins.members.enums import RegisterUse
from plugins.members.services.uses import in_language_of_the_log, use_record

from .desk import ListedAction, person_of
from .letters import PrintedLetters

ROOM_FOR_NAMES = 200
"""Characters. A name is kept whole or not at all: whoever is erased is looked for by their whole name."""


def recorded(patterns: Iterable[URLPattern], *, but: Iterable[str] = ()) -> list[URLPattern]:
    """Return the addresses, each of which records who saw what; those named in `but` show nobody's data."""
    passed, kept = set(but), list(patterns)
    for pattern in kept:
        view: Any = pattern.callback
        if pattern.name not in passed and not issubclass(view.view_class, RecordedMixin):
            seen: Any = type(view.view_class.__name__, (RecordedMixin, view.view_class), {})
            pattern.callback = seen.as_view(**view.view_initkwargs)
    return kept


def recorded_action(action: type[ListedAction]) -> type[ListedAction]:
    """Return the action as whoever may read its list uses it, with a row for each time that it shows names."""
    kept = {"__module__": action.__module__, "__doc__": action.__doc__}
    return type(action.__name__, (RecordedAction, action), kept)


class RecordedMixin:
    """Records who looked; rows that are fetched while somebody types count, too, and a refusal doesn't."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view
        if _shows(request, response):
            shown = RegisterUse.LIST if isinstance(self, IndexView) else RegisterUse.RECORD
            with in_language_of_the_log():
                _keep(request, response, shown=shown, of_what=_words(self))
        return response


class RecordedAction(ListedAction):
    """Asks for what the list asks for, and records whom its page names or its letters bear."""

    seen: list[Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.seen = []
        listing: Any = self.list_view()
        listing.request = request
        if not listing.user_has_any_permission(listing.any_permission_required):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        if self.seen and _shows(request, response):
            with in_language_of_the_log():
                named = _names([self.words(row) for row in self.seen], first=NAMED)
                _keep(request, response, shown=RegisterUse.LIST, of_what=f"{self.display_name} {named}")
        return response

    def get_actionable_objects(self) -> Any:
        self.seen, without_access = super().get_actionable_objects()
        return self.seen, without_access


def _shows(request: HttpRequest, response: HttpResponse) -> bool:
    return response.status_code == HTTPStatus.OK and request.method != "OPTIONS"


def _keep(request: HttpRequest, response: HttpResponse, *, shown: RegisterUse, of_what: str) -> None:
    if isinstance(response, PrintedLetters):
        shown, of_what = RegisterUse.EXPORT, f"{_('Invitations to print')} {_names(response.names)}"
    elif response.has_header("Content-Disposition"):
        shown = RegisterUse.EXPORT
    use_record(person=person_of(request), use=shown, detail=of_what)


def _names(names: Sequence[str], *, first: int | None = None) -> str:
    """Return how many there are, and the first of them."""
    text = "、".join(names[:first])
    if len(text) > ROOM_FOR_NAMES:
        text = f"{text[:ROOM_FOR_NAMES].rpartition('、')[0]}…"
    return f"({len(names)}): {text}"


def _words(view: Any) -> str:
    """Say in words what a page shows: its title, and of what, or which rows."""
    of_what = ", ".join(looked_for(view)) if isinstance(view, IndexView) else str(view.get_page_subtitle() or "")
    title = str(view.get_page_title())
    return f"{title}: {of_what}" if of_what else title
