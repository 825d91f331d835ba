"""Tells the switchboard of requests that a plugin's code has failed: the answer stays the 500 that it is anywhere."""

from __future__ import annotations

import sys
from traceback import walk_tb
from typing import Any

from django.http import HttpRequest

from .errors import record_error
from .gate import owner_of_url
from .ownership import owner_of


def record_failed_request(request: HttpRequest, **kwargs: Any) -> None:
    """Receive `got_request_exception`, sent while the exception is being handled."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception):
        owner = _owner_of_code(error) or _owner_of_address(request)
        if owner:
            record_error(owner, _place(request), error)


def _owner_of_code(error: Exception) -> str | None:
    """Return the plugin whose code stood nearest to where it was raised, whoever had called that."""
    frames = [frame for frame, _line in walk_tb(error.__traceback__)]
    return next((owner for frame in reversed(frames) if (owner := owner_of(_module(frame)))), None)


def _module(frame: Any) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _owner_of_address(request: HttpRequest) -> str | None:
    """Return the plugin that was asked, where all code that ran is the core's: a generic view, a page's template."""
    page = _page(request)
    if page is not None:
        return owner_of(page)
    return owner_of_url(request.path) if request.resolver_match else None


def _page(request: HttpRequest) -> Any:
    """Return the page that answers; Wagtail keeps on the request to which one it has led."""
    route = getattr(request, "_wagtail_route_for_request", None)
    return route.page if route else None


def _place(request: HttpRequest) -> str:
    page, match = _page(request), request.resolver_match
    if page is not None:
        return f"page {page._meta.label}"  # noqa: SLF001 - Django's public _meta
    return f"view {match.view_name}"[:200] if match else "request"
