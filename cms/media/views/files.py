"""Sends a file: whole, or the part that was asked for, or nothing where the browser has it already."""

from __future__ import annotations

from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from cms.media.validators.ranges import UnsatisfiableRangeError, requested_part

# A file is shown, never run: neither a document that a browser opens nor a picture that is none.
HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


class Part:
    """The bytes of an open file from `start` on, `length` of them."""

    def __init__(self, file: Any, start: int, length: int) -> None:
        self._file, self._left = file, length
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()


class PartResponse(FileResponse):
    """Streams in pieces that are worth a system call."""

    block_size = 64 * 1024


def file_response(request: HttpRequest, file: Any, *, content_type: str | None = None) -> HttpResponseBase:
    """Answer a request for a stored file; 404 where it is gone from the disk. The caller says who may cache it.

    The file is opened once: whoever has begun a download ends it with the bytes it began with, whatever happens to the
    file, and whoever resumes one with If-Range gets the new file whole.
    """
    try:
        size, changed = file.size, int(file.storage.get_modified_time(file.name).timestamp())
        etag = f'"{changed:x}-{size:x}"'
        unchanged = get_conditional_response(request, etag=etag, last_modified=changed)
        response = unchanged or _answer(request, file, size, etag=etag, changed=changed)
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {**HEADERS, "ETag": etag, "Last-Modified": http_date(changed), "Accept-Ranges": "bytes"}
    if content_type:
        headers["Content-Type"] = content_type
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _answer(request: HttpRequest, file: Any, size: int, *, etag: str, changed: int) -> HttpResponseBase:
    if settings.MEDIA_SENT_BY:
        return HttpResponse(headers=_sent_by_web_server(file))
    try:
        part = requested_part(_range(request, etag, changed), size)
    except UnsatisfiableRangeError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size), "Content-Type": _type_of(file.name)})
    opened = file.storage.open(file.name)
    if part is None:
        return PartResponse(opened)
    start, end = part
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(end - start + 1)}
    return PartResponse(Part(opened, start, end - start + 1), status=206, filename=file.name, headers=headers)


def _range(request: HttpRequest, etag: str, changed: int) -> str:
    """Return what part is asked for; the whole if the file is another than the one of which a part is there."""
    condition = request.headers.get("If-Range")
    if condition and condition not in {etag, http_date(changed)}:
        return ""
    return request.headers.get("Range", "")


def _sent_by_web_server(file: Any) -> dict[str, str]:
    """Name the file to the web server in front, which sends it, or parts of it, itself (MEDIA_SENT_BY)."""
    header, _separator, prefix = settings.MEDIA_SENT_BY.partition(":")
    where = f"{prefix.rstrip('/')}/{quote(file.name)}" if prefix else quote(file.path)
    return {header: where, "Content-Type": _type_of(file.name)}


def _type_of(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"
