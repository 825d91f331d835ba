"""What is said when something fails: what happened, and the next step, in the theme and in the person's language."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import requires_csrf_token

from cms.site.conf import language_of
from cms.theming.themes import using_theme

logger = logging.getLogger("cms.site")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood, without the frame: its host or its cookies may be the unreadable part."""
    if isinstance(exception, RequestDataTooBig):
        return _plain(request, "413.html", status=413)
    return _plain(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this isn't for this person; the view's own sentence, where it gave one, says why."""
    return render(request, "403.html", {"message": str(exception)}, status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here. The exception's text is for developers and stays out."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say how to get a form accepted that came without a valid token."""
    logger.warning("CSRF check failed at %s: %s", request.path, reason)
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Apologise without the frame, the database or the session, any of which may be what failed."""
    try:
        return _plain(request, "500.html", status=500)
    except Exception:
        logger.exception("The page for errors failed itself")
        return HttpResponseServerError("<h1>500</h1>")


def _plain(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    with using_theme(settings.CMS_THEME), translation.override(language_of(request)):
        return HttpResponse(render_to_string(template), status=status)
