"""Django's door to the outbox: whatever is mailed through `django.core.mail` becomes rows and leaves like the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from cms.mail.conf import OF_A_LIBRARY
from cms.mail.enums import Urgency
from cms.mail.mime import single_line
from cms.mail.services.messages import Recipient, message_enqueue
from cms.mail.validators import OWN_HEADERS, address_problem, ascii_address, normalise_address

FEW = 20
"""Up to so many recipients a mail from a library is somebody waiting for it: a code, a notice of a review."""
_CONTENT_HEADERS = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")


class OutboxBackend(BaseEmailBackend):
    """Queues messages in the transaction of whoever sends them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue each message that has recipients; return how many."""
        return sum(self._queue(message) for message in email_messages)

    def _queue(self, message: EmailMessage) -> bool:
        recipients = [Recipient(address=address, name=name) for name, address in _pairs(message.recipients())]
        if not recipients:
            return False
        text, html, entity = _body(message)
        message_enqueue(
            kind=OF_A_LIBRARY,
            subject=single_line(str(message.subject))[:500],
            text=text,
            html=html,
            entity=entity,
            sender=str(message.from_email),
            reply_to=next((address for _name, address in _pairs(message.reply_to)), ""),
            visible_to=_visible(message.to) if len(recipients) > 1 else (),
            visible_cc=_visible(message.cc),
            headers=_headers(message),
            recipients=recipients,
            urgency=Urgency.URGENT if len(recipients) <= FEW else Urgency.NORMAL,
            # A password reset lets its reader in; the outbox can't tell it from other mail of a library.
            confidential=True,
        )
        return True


def _pairs(addresses: Sequence[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        name, mailbox = parseaddr(str(address))
        # What the parser can't read is kept as it is, for the outbox to explain.
        yield (name, normalise_address(mailbox)) if mailbox else ("", str(address).strip())


def _visible(addresses: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, ascii_address(address)) for name, address in _pairs(addresses) if not address_problem(address)]


def _headers(message: EmailMessage) -> dict[str, str]:
    """Keep a library's own headers, but for those that the outbox writes."""
    kept = {name: single_line(str(value)) for name, value in message.extra_headers.items()}
    return {name: value for name, value in kept.items() if name.lower() not in OWN_HEADERS}


def _body(message: EmailMessage) -> tuple[str, str, bytes]:
    """Return text and HTML, or the finished MIME entity where the message is more than that."""
    alternatives: list[Any] = list(getattr(message, "alternatives", ()) or ())
    is_text = message.content_subtype == "plain" and not message.attachments
    if is_text and not alternatives:
        return str(message.body), "", b""
    if is_text and isinstance(message, EmailMultiAlternatives) and len(alternatives) == 1:
        content, mimetype = alternatives[0]
        if mimetype == "text/html" and message.body:
            return str(message.body), str(content), b""
    return str(message.body) if message.content_subtype == "plain" else "", "", _entity(message)


def _entity(message: EmailMessage) -> bytes:
    mime = message.message()
    for name in list(mime.keys()):
        if name not in _CONTENT_HEADERS:
            del mime[name]
    return mime.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
