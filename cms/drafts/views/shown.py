"""What a link to a draft opens: the draft, and the images and documents on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from cms.access.selectors import VISITOR, Reader, readable_files
from cms.access.selectors.reach import files_of
from cms.drafts.models import DraftLink
from cms.drafts.selectors import draft_of
from cms.drafts.services import draft_link_opened
from cms.media.models import SiteDocument, SiteRendition
from cms.media.views import document as gated_document
from cms.media.views import rendition as gated_rendition
from cms.media.views.files import file_response

from . import Around, render_draft


@require_safe
def draft(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the latest draft, or say that the link opens nothing any longer."""
    link = _link(token)
    if not link.is_open:
        response = render(request, "drafts/closed.html", {"link": link}, status=410)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        add_never_cache_headers(response)
        return response
    page = _draft(link)
    if request.method == "GET":
        draft_link_opened(link=link)
    around = Around(above="drafts/banner.html", context={"link": link, "draft": page})
    files = link.get_absolute_url().rstrip("/")
    return render_draft(request, page, around=around, reader=Reader(link.created_by), files=files)


@require_safe
def image(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """Serve an image of the draft that the link opens; of all others, those that everybody may have."""
    if "\x00" in name:
        raise Http404
    found = SiteRendition.objects.select_related("image").filter(file=f"images/{name}").first()
    if found is None:
        raise Http404
    if _is_open(found.image):
        return gated_rendition(request, name)
    if not _shows(token, found.image):
        raise Http404
    return _served(request, found)


@require_safe
def document(request: HttpRequest, token: str, document_id: int) -> HttpResponseBase:
    """Serve a document of the draft that the link opens; of all others, those that everybody may have."""
    found = SiteDocument.objects.filter(pk=document_id).first()
    if found is None:
        raise Http404
    if _is_open(found):
        return gated_document(request, document_id)
    if not _shows(token, found):
        raise Http404
    response = _served(request, found, content_type=found.content_type)
    response.headers["Content-Disposition"] = found.content_disposition
    return response


def _link(token: str) -> DraftLink:
    link = DraftLink.objects.select_related("created_by").filter(pk=DraftLink.pk_of(token) or 0).first()
    if link is None:
        raise Http404
    return link


def _draft(link: DraftLink) -> Any:
    page = draft_of(link.page_id)
    if page is None:
        raise Http404
    return page


def _shows(token: str, file: Any) -> bool:
    """Say whether the link is open, the draft holds the file now, and whoever made the link may have it now."""
    link = _link(token)
    return link.is_open and file in files_of(_draft(link)) and _may_have(Reader(link.created_by), file)


def _is_open(file: Any) -> bool:
    return _may_have(VISITOR, file)


def _may_have(reader: Reader, file: Any) -> bool:
    return readable_files(type(file).objects.filter(pk=file.pk), reader).exists()


def _served(request: HttpRequest, found: Any, **kwargs: Any) -> HttpResponse | HttpResponseBase:
    response = file_response(request, found.file, **kwargs)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response
