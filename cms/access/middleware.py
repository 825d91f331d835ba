"""Says who reads, for the length of a request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .selectors import VISITOR, Reader, reading_as


class ReaderMiddleware:
    """Lets lists, menus and feeds show what this person may read. A visitor's session is not even looked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        with reading_as(Reader(request.user) if has_session else VISITOR):
            return self.get_response(request)
