"""Shows a draft as its page will look, to somebody who may or may not have an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from cms.access.selectors import VISITOR, Reader, reading_as
from cms.media.conf import files_below


@dataclass(frozen=True)
class Around:
    """What stands above and below a draft: templates, and what they know."""

    above: str
    below: str = ""
    context: dict[str, Any] = field(default_factory=dict)


def render_draft(
    request: HttpRequest, page: Any, *, around: Around, reader: Reader, files: str = ""
) -> HttpResponseBase:
    """Answer with the page as a visitor would see it, whoever looks: a draft is shown, and nothing besides.

    Its images and documents are linked below the address `files`, where one is given; it names no document that the
    `reader` may not have.
    """
    request.user = AnonymousUser()
    request.is_preview = True  # type: ignore[attr-defined]  # what Wagtail's own previews set
    request.preview_mode = page.default_preview_mode  # type: ignore[attr-defined]  # as above
    request.around_draft = around  # type: ignore[attr-defined]  # read by `draft_tags`
    request.draft_reader = reader  # type: ignore[attr-defined]  # read by `BasePage.serve_preview`
    with reading_as(VISITOR), files_below(files):
        response: HttpResponseBase = page.serve_preview(request, page.default_preview_mode)
        if hasattr(response, "render"):
            response.render()
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # The address is the key: it is told to no other site.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
