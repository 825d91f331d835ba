"""Shows the site in another theme to the administrator who is about to choose it, and to nobody else."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .selectors import previewed_name
from .themes import previewing


class ThemePreviewMiddleware:
    """Renders a request with the theme that its session names. A visitor's session is not even looked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        with previewing(cache(lambda: previewed_name(request.session, request.user))):
            return self.get_response(request)
