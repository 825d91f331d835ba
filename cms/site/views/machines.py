"""What search engines, security researchers and monitoring ask a site for."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.calendar import clock

PLAIN_TEXT = "text/plain; charset=utf-8"
CONTACT_DAYS = 180  # RFC 9116, 2.5.5 recommends less than a year


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers off the admin, the log in and the search, and show them the sitemap (RFC 9309)."""
    closed = [settings.ADMIN_PREFIX, "/accounts/", "/search/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]), content_type=PLAIN_TEXT)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116); 404 where the deployment names no contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = clock.day_start(clock.today() + timedelta(days=CONTACT_DAYS))
    lines = [
        f"Contact: {_contact_uri(settings.SECURITY_CONTACT)}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: ja, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=PLAIN_TEXT)


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. It asks no service: a restart of the web server heals none of them."""
    return HttpResponse("ok\n", content_type=PLAIN_TEXT)


def _contact_uri(contact: str) -> str:
    return contact if ":" in contact else f"mailto:{contact}"
