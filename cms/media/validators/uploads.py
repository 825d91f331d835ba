"""What an uploaded document must be, told by its content: a name can say anything."""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import IO

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

HEAD = 1024
"""Bytes in which a file says what it is; a PDF may have something before it (ISO 32000-1, annex H, note 13)."""
ZIP = b"PK"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of old Office files, and of new ones under a password."""
BEGINS_WITH = {
    **dict.fromkeys(("docx", "pptx", "xlsx"), (ZIP, OLE)),
    **dict.fromkeys(("odp", "ods", "odt", "zip"), (ZIP,)),
    **dict.fromkeys(("doc", "ppt", "xls"), (OLE,)),
}
WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe")
UNPACKED_LIMIT, PACKED_TIMES = 200 << 20, 100
"""Bytes that a package may unpack to where they are that many times its own: a bomb, and no file of any office."""


def check_size(size: int, limit: int) -> None:
    """Refuse what is larger than `limit` bytes. Raises ValidationError."""
    if size > limit:
        words = {"size": filesizeformat(size), "limit": filesizeformat(limit)}
        raise ValidationError(
            _("This file is too large (%(size)s). Make it smaller than %(limit)s, or split it.") % words,
            code="too_large",
        )


def check_content(file: IO[bytes], name: str) -> None:
    """Refuse what is not what its name says, or would harm whoever opens it. Raises ValidationError."""
    kind = PurePath(name).suffix[1:].lower()
    file.seek(0)
    head = file.read(HEAD)
    if _is_web_page(head):
        raise ValidationError(
            _("This file holds a web page or a drawing that can run programs. Save it as a PDF."), code="web_page"
        )
    if kind == "pdf" and b"%PDF-" not in head:
        raise ValidationError(_("This file is no PDF, though its name says so. Save it as a PDF again."), code="no_pdf")
    if kind in BEGINS_WITH and not head.startswith(BEGINS_WITH[kind]):
        raise _mismatch(kind)
    if head.startswith(ZIP) and kind in BEGINS_WITH:
        _check_package(file, kind)
    file.seek(0)


def _is_web_page(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(WEB_PAGE) or (text.startswith(b"<?xml") and b"<svg" in text)


def _check_package(file: IO[bytes], kind: str) -> None:
    try:
        with zipfile.ZipFile(file) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
            packed = sum(entry.compress_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _mismatch(kind) from error
    if unpacked > UNPACKED_LIMIT and unpacked > PACKED_TIMES * packed:
        raise ValidationError(
            _("This file would unpack to %(size)s, which no ordinary document does. It was not taken.")
            % {"size": filesizeformat(unpacked)},
            code="bomb",
        )


def _mismatch(kind: str) -> ValidationError:
    words = _("This file is damaged, or it is no “.%(kind)s” file, though its name says so. Save it again.")
    return ValidationError(words % {"kind": kind}, code="mismatch")
