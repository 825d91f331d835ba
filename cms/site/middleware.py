"""Middleware of the site's frame: the page cache, security headers, the language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import cast

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from cms.calendar import clock

from .conf import language_of
from .storage import page_cache
from .storage.page_cache import Lookup, StoredPage
from .storage.release import running_release

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Speaks the language that the person chose, in the admin too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecurityHeadersMiddleware(CSPMiddleware):
    """Sends the strict policy with the site's own pages, and another below the admin, where Wagtail has inline code."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - django-csp's signature
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(settings.ADMIN_PREFIX):
            parts.config = parts.config or settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return super().process_response(request, response)


@dataclass(frozen=True)
class Answer:
    """A response as the page cache sees it."""

    request: HttpRequest
    response: HttpResponse

    @property
    def is_for_everybody(self) -> bool:
        """Whether the next visitor may get the same bytes: a page in full, with nothing in it of one person's."""
        response = self.response
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and "CSRF_COOKIE_NEEDS_UPDATE" not in self.request.META
            and not getattr(self.request, "_csp_nonce", None)
            and not {"private", "no-store", "no-cache", "max-age=0"} & _words(response.get("Cache-Control", ""))
            and _words(response.get("Vary", "")) <= {"cookie", "accept-language"}
        )

    def seconds_right(self) -> float:
        """Return how long the answer stays right without a change: until midnight in Japan, or what a view said."""
        midnight = clock.day_start(clock.today() + timedelta(days=1))
        said: datetime | None = getattr(self.request, "answer_right_until", None)
        return (min(midnight, said or midnight) - clock.now()).total_seconds()


class PageCacheMiddleware:
    """Answers visitors from the shared cache, ahead of everything else, with one round trip and no query.

    Only GET and HEAD without a session; what is kept is exactly as old as the site's generation (see `page_cache`).
    Time changes pages too (「あと3日」): nothing is kept past midnight in Japan, and a view whose answer is right for
    a shorter time says so with `page_cache.limit_answer`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.PAGE_CACHE:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.never_for = tuple(settings.PAGE_CACHE_NEVER_BELOW)
        self.release = running_release()  # read at the start, before anything on the disk changes
        self.personal_cookies = {settings.SESSION_COOKIE_NAME, "messages"}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_visitor_reading(request):
            return _kept_private(request, self.get_response(request))
        try:
            key = _key(request, self.release)
        except DisallowedHost:
            return self.get_response(request)
        lookup = page_cache.look_up(key)
        if lookup.page:
            return _conditional(request, _restored(lookup.page))
        return self._answer(request, lookup)

    def _is_visitor_reading(self, request: HttpRequest) -> bool:
        return (
            request.method in {"GET", "HEAD"}
            and self.personal_cookies.isdisjoint(request.COOKIES)
            and "HTTP_AUTHORIZATION" not in request.META
            and not request.path_info.startswith(self.never_for)
            and not getattr(request, "is_dummy", False)
        )

    def _answer(self, request: HttpRequest, lookup: Lookup) -> HttpResponse:
        response = self.get_response(request)
        answer = Answer(request, response)
        if not answer.is_for_everybody:
            return response
        _make_cacheable(response)
        seconds = answer.seconds_right()
        if request.method == "GET" and lookup.generation is not None and seconds >= 1:
            headers = tuple(response.headers.items())
            page_cache.keep(lookup.key, StoredPage(lookup.generation, headers, response.content), seconds=seconds)
        return _conditional(request, response)


def _key(request: HttpRequest, release: str) -> str:
    """Name the answer. Theme and release of the deployment are part of it; what people change raises the generation."""
    return page_cache.page_key(
        request.scheme or "",
        request.get_host(),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        language_of(request),
        settings.CMS_THEME,
        settings.BASE_URL,
        release,
    )


def _make_cacheable(response: HttpResponse) -> None:
    """Let browsers keep the answer and ask each time whether it still holds."""
    response.headers.setdefault("ETag", f'"{blake2b(response.content, digest_size=16).hexdigest()}"')
    response.headers.setdefault("Cache-Control", "no-cache")
    patch_vary_headers(response, ["Cookie"])


def _restored(page: StoredPage) -> HttpResponse:
    return HttpResponse(page.body, headers=dict(page.headers))


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer 304 where the browser has it already."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    return cast("HttpResponse", get_conditional_response(request, etag=response.headers.get("ETag"), response=response))


def _kept_private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what somebody sees after logging in out of every cache between them and us."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _words(header: str) -> set[str]:
    return {word.strip().lower() for word in header.split(",") if word.strip()}
