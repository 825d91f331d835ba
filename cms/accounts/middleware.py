"""The guard of the admin, and the end of sessions."""

from collections.abc import Callable
from typing import cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import constants
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.plugin_api.gate import is_closed

from .permissions import can_enter_admin, must_set_up_second_factor
from .views import forbidden


class EndedSessionMiddleware:
    """Ends a session whose person may not log in any more, at its next request. A visitor's is not even looked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_anonymous:
            self._end(request)
        return self.get_response(request)

    def _end(self, request: HttpRequest) -> None:
        """Leave a session alone that never was anybody's: it may hold a code that was typed."""
        if SESSION_KEY in request.session:
            UserSession.objects.filter(session_key=request.session.session_key).delete()
            request.session.flush()


class AdminGuardMiddleware:
    """Answers a person who may not be there with a page that says whom to ask.

    Wagtail sends such a person to log in, and who is logged in is sent back: a loop. It sends an editor who lacks one
    permission to the admin's start page with a message: that becomes the same page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        return self._refuse(request) or self._denial_as_page(request, self.get_response(request))

    def _refuse(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.is_anonymous or request.path in _always_open():
            return None
        if not can_enter_admin(request.user):
            # What a plugin that is off had here isn't there for anybody.
            return None if is_closed(request.path_info) else forbidden(request)
        if must_set_up_second_factor(request.user):
            messages.warning(request, _("Please set up a second factor first. The admin opens after that."))
            return redirect("mfa_index")
        return None

    def _denial_as_page(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 302 or response.headers["Location"] != reverse("wagtailadmin_home"):
            return response
        queued = cast("BaseStorage", messages.get_messages(request))
        denied = any(message.level == constants.ERROR for message in queued)
        # Reading used the messages up; where this redirect is no denial they are for the next page.
        queued.used = denied
        return forbidden(request) if denied else response


def _always_open() -> set[str]:
    return {reverse("wagtailadmin_logout"), reverse("wagtailadmin_login")}
