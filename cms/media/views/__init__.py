"""The one door to uploaded files. Nothing in their folder has an address of its own; each is asked for at the gate."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.documents.models import document_served

from cms.access.selectors import reader_for, restrictions_above
from cms.access.views import refuse_file
from cms.media.models import DocumentVersion, SiteDocument, SiteImage, SiteRendition

from .files import file_response

MAX_AGE = 60 * 60
"""Seconds for which a cache may hand out a rendition that is open to everybody without asking whether it still is."""


@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Serve a document, as a download. Its file may be replaced at the same address, so every cache asks each time."""
    found = _found(SiteDocument.objects.filter(pk=document_id), "collection__path")
    refusal = refuse_file(request, found) if found.is_closed else None
    if refusal is not None:
        return refusal
    document_served.send(sender=SiteDocument, instance=found, request=request)
    return _download(request, found, **_for(found))


@require_safe
def history(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """List the earlier versions of a document with date and reason, to whoever may have the document."""
    found = _found(SiteDocument.objects.filter(pk=document_id), "collection__path")
    refusal = refuse_file(request, found) if found.is_closed else None
    if refusal is not None:
        return refusal
    versions = list(found.versions.all())
    if not versions:
        raise Http404
    keeps = any(one.is_withheld for one in versions) and reader_for(request.user).keeps_file(found)
    response = render(request, "media/history.html", {"document": found, "versions": versions, "keeps": keeps})
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def version(request: HttpRequest, document_id: int, number: int) -> HttpResponseBase:
    """Serve a file that a document had before; one that is withheld only to those who may edit the document."""
    found = _found(SiteDocument.objects.filter(pk=document_id), "collection__path")
    refusal = refuse_file(request, found) if found.is_closed else None
    if refusal is not None:
        return refusal
    earlier = get_object_or_404(found.versions, number=number)
    if earlier.is_withheld and not reader_for(request.user).keeps_file(found):
        raise Http404
    return _download(request, earlier, **({"private": True} if earlier.is_withheld else _for(found)))


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a resized copy of an image. A changed image gets copies with other names."""
    renditions = SiteRendition.objects.select_related("image__collection")
    found = _found(renditions.filter(file=_stored_name("images", name)), "image__collection__path")
    if found.is_closed and refuse_file(request, found.image) is not None:
        return _refused()
    response = file_response(request, found.file)
    patch_cache_control(response, **_for(found), **({"no_cache": True} if found.is_closed else {"max_age": MAX_AGE}))
    return response


@require_safe
def original(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve an image as it was uploaded, with whatever the camera wrote into it, to those who may edit it."""
    images = SiteImage.objects.select_related("collection")
    found = _found(images.filter(file=_stored_name("original_images", name)), "collection__path")
    if not reader_for(request.user).keeps_file(found):
        raise Http404
    response = file_response(request, found.file)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _download(request: HttpRequest, found: SiteDocument | DocumentVersion, **caching: bool) -> HttpResponseBase:
    response = file_response(request, found.file, content_type=found.content_type)
    response.headers["Content-Disposition"] = found.content_disposition
    patch_cache_control(response, no_cache=True, **caching)
    return response


def _refused() -> HttpResponse:
    """Say so without the frame of a page: nobody reads what stands in the place of a picture."""
    response = HttpResponse(_("This image is not open to you."), status=403, content_type="text/plain; charset=utf-8")
    add_never_cache_headers(response)
    return response


def _stored_name(folder: str, name: str) -> str:
    if "\x00" in name:
        raise Http404
    return f"{folder}/{name}"


def _found(files: QuerySet[Any], collection_path: str) -> Any:
    """Return the row, which says as `is_closed` whether its collection is open to everybody: one query."""
    found = files.annotate(is_closed=Exists(restrictions_above(collection_path))).first()
    if found is None:
        raise Http404
    return found


def _for(found: Any) -> dict[str, bool]:
    return {"private": True} if found.is_closed else {"public": True}
