"""Holds the site's state for the length of a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .state import state_read_once


class SiteStateMiddleware:
    """Reads the state at first use and forgets it when the request ends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with state_read_once():
            return self.get_response(request)
