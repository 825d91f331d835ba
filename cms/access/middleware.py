"""Says who reads, for the length of a request, and what went out in it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from .selectors import VISITOR, Reader, reading_as
from .selectors.reach import titles
from .services import narrower_files_gone_out, watching_what_goes_out


class ReaderMiddleware:
    """Lets lists, menus and feeds show what this person may read. A visitor's session is not even looked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        with reading_as(Reader(request.user) if has_session else VISITOR):
            return self.get_response(request)


NAMED_PAGES = 5
"""How many pages are named, each with its files, after many were published at once."""


class PublicationMiddleware:
    """Tells whoever publishes, by whatever button, list or approval, which files readers of the page will miss."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        with watching_what_goes_out() as entries:
            response = self.get_response(request)
        found = list(narrower_files_gone_out(entries).items())
        for page, files in found[:NAMED_PAGES]:
            words = {"title": page.get_admin_display_title(), "files": titles(files)}
            text = gettext("Not everyone who reads “%(title)s” may have what it shows: “%(files)s”.")
            messages.warning(request, text % words)
        more = len(found) - NAMED_PAGES
        if more > 0:
            text = ngettext("The same holds for %(count)d more page.", "The same holds for %(count)d more pages.", more)
            messages.warning(request, text % {"count": more})
        return response
