"""A message of which everything that its recipients share has been encoded once."""

from __future__ import annotations

import hashlib
from binascii import b2a_base64, b2a_qp
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape

from .headers import address_header, encoded_header, folded_url
from .placeholders import Template

CRLF = b"\r\n"
_LINE = 76
_QUOTED_PRINTABLE_UP_TO = 1 / 6
"""The share of non-ASCII characters above which base64 is shorter."""


@dataclass(frozen=True)
class Content:
    """What a message says, to all its recipients. `entity` is a ready MIME entity, used instead of text and HTML."""

    sender: tuple[str, str]
    subject: str
    text: str
    date: datetime
    html: str = ""
    entity: bytes = b""
    reply_to: tuple[tuple[str, str], ...] = ()
    to: tuple[tuple[str, str], ...] = ()
    cc: tuple[tuple[str, str], ...] = ()
    list_id: str = ""
    list_name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    placeholders: Collection[str] = ()


@dataclass(frozen=True)
class Envelope:
    """What differs from recipient to recipient. Addresses are ASCII; `message_id` has its angle brackets."""

    address: str
    message_id: str
    name: str = ""
    unsubscribe_url: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class Skeleton:
    """Makes the octets of one message after the other. Lines end with CRLF; dots are not stuffed."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._subject = Template(content.subject, content.placeholders)
        self._fixed_subject = b"" if self._subject.is_personal else encoded_header("Subject", content.subject)
        self._head = _shared_headers(content)
        self._body: _Body = _Ready(content.entity) if content.entity else _body(content)

    def octets(self, envelope: Envelope) -> bytes:
        """Return the whole message for one recipient."""
        content = self.content
        to = content.to or ((envelope.name, envelope.address),)
        subject = self._fixed_subject or encoded_header("Subject", self._subject.fill(envelope.values))
        parts = [
            self._head,
            address_header("To", *to),
            subject,
            f"Message-ID: {envelope.message_id}\r\n".encode("ascii"),
        ]
        if envelope.unsubscribe_url:
            parts.append(folded_url("List-Unsubscribe", envelope.unsubscribe_url))
            # RFC 8058: mail programs unsubscribe by a POST of exactly this; a GET must not.
            parts.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
        parts.append(self._body.octets(envelope.values))
        return b"".join(parts)


def _shared_headers(content: Content) -> bytes:
    lines = [
        address_header("From", content.sender),
        f"Date: {format_datetime(content.date)}\r\n".encode("ascii"),
        b"MIME-Version: 1.0\r\n",
        # RFC 3834, and what Exchange reads instead: no out-of-office notes in return.
        b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n",
    ]
    if content.reply_to:
        lines.append(address_header("Reply-To", *content.reply_to))
    if content.cc:
        lines.append(address_header("Cc", *content.cc))
    if content.list_id:
        lines.append(address_header("List-Id", (content.list_name or content.list_id, content.list_id)))
    lines += [encoded_header(name, value) for name, value in content.headers.items()]
    return b"".join(lines)


class _Body:
    """The MIME headers of the body, an empty line, the body."""

    def octets(self, values: Mapping[str, str]) -> bytes:
        raise NotImplementedError


class _Ready(_Body):
    def __init__(self, entity: bytes) -> None:
        self._entity = entity

    def octets(self, values: Mapping[str, str]) -> bytes:
        return self._entity


class _Part(_Body):
    """A text part, in the encoding that is shorter for what the recipients share."""

    def __init__(self, source: str, subtype: str, placeholders: Collection[str]) -> None:
        self._template = Template(crlf(source), placeholders)
        self._escape = _html if subtype == "html" else crlf
        foreign = sum(not character.isascii() for character in source)
        self._base64 = foreign > len(source) * _QUOTED_PRINTABLE_UP_TO
        encoding = "base64" if self._base64 else "quoted-printable"
        self._head = (
            f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
        ).encode("ascii")
        self._fixed = b"" if self._template.is_personal else self._encoded({})

    def octets(self, values: Mapping[str, str]) -> bytes:
        return self._fixed or self._encoded(values)

    def _encoded(self, values: Mapping[str, str]) -> bytes:
        octets = self._template.fill(values, self._escape).encode("utf-8", "replace")
        return self._head + (base64_lines(octets) if self._base64 else quoted_printable(octets))


class _Alternative(_Body):
    def __init__(self, parts: tuple[_Part, _Part], boundary: str) -> None:
        self._parts = parts
        self._first = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()
        self._between = f"\r\n--{boundary}\r\n".encode("ascii")
        self._last = f"\r\n--{boundary}--\r\n".encode("ascii")

    def octets(self, values: Mapping[str, str]) -> bytes:
        text, html = self._parts
        return b"".join((self._first, text.octets(values), self._between, html.octets(values), self._last))


def _body(content: Content) -> _Body:
    text = _Part(content.text, "plain", content.placeholders)
    if not content.html:
        return text
    # "=_" appears in no base64 and no quoted-printable text, so no body can hold the boundary (RFC 2045 6.7).
    digest = hashlib.sha256(f"{content.text}\0{content.html}".encode("utf-8", "replace")).hexdigest()
    return _Alternative((text, _Part(content.html, "html", content.placeholders)), f"=_{digest[:40]}")


def crlf(text: str) -> str:
    """Return the text with the line ends of the wire."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def _html(value: str) -> str:
    return escape(crlf(value))


def base64_lines(octets: bytes) -> bytes:
    """Encode in lines of 76 characters (RFC 2045 section 6.8)."""
    encoded = b2a_base64(octets, newline=False)
    return CRLF.join([encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]) + CRLF


def quoted_printable(octets: bytes) -> bytes:
    """Encode text whose lines end with CRLF (RFC 2045 section 6.7), in lines of at most 76 characters."""
    # The C function breaks lines as the text does: with a text that has no line end it would write a bare LF.
    return b2a_qp(octets if octets.endswith(CRLF) else octets + CRLF, istext=True)
