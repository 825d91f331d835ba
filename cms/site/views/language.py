"""The switch between Japanese and English that stands on every page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60


@csrf_exempt
@never_cache
@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    """Remember the language that a person chose and go back to where they were.

    The form stands on pages that the cache shares between visitors, so it carries no CSRF token; where it was sent
    from is read from Origin, or Referer in its absence. The worst that a forged one could do is to change a language.
    """
    if not _sent_from_here(request):
        raise PermissionDenied(_("The language can be changed from a page of this site only."))
    response = HttpResponseRedirect(_way_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=LANGUAGE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _sent_from_here(request: HttpRequest) -> bool:
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(source)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"
