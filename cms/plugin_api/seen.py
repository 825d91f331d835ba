"""Tells that somebody looked up people, in the one place through which the core's views that show them pass."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .events import PeopleSeen, publish


class PeopleSeenMixin:
    """Tells whoever keeps a record of it, by whatever request: a form that comes back with an error shows people, too.

    What only changes something and leads on shows nobody, nor does a refusal.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view
        if response.status_code == HTTPStatus.OK and request.method != "OPTIONS":
            with translation.override(settings.LANGUAGE_CODE):  # others read it, in the language of the site
                title, of_whom = _title(self), ", ".join(_of_whom(self))
            detail = f"{title}: {of_whom}" if of_whom else title
            publish(PeopleSeen(person_id=request.user.pk, detail=detail))  # type: ignore[arg-type]  # somebody is logged in
        return response


def looked_for(view: Any) -> list[str]:
    """Return in words how a list is narrowed: its filters, then what was typed."""
    chosen = []
    if getattr(view, "filters", None):
        view.filters.is_valid()  # which makes it read what was typed
        anew = type(view).active_filters.func(view)  # what was said to the reader may be in another language
        chosen = [f"{one.field_label}: {one.value}" for one in anew]
    typed = view.request.GET.get("q", "").strip()
    return [*chosen, typed] if typed else chosen


def _title(view: Any) -> str:
    title = str(view.page_title)
    return f"{title} ({view.request.GET['export'].upper()})" if getattr(view, "is_export", False) else title


def _of_whom(view: Any) -> list[str]:
    shown = getattr(view, "object", None) or getattr(view, "get_page_subtitle", str)()
    return [*([str(shown)] if shown else []), *looked_for(view)]
