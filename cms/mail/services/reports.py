"""Reads what mail servers report about mail that could not be delivered (RFC 3464), and what people complain about."""

from __future__ import annotations

import email
import email.policy
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message

from cms.mail.enums import BounceKind
from cms.mail.transports.replies import says_nobody

_KEY_IN_ADDRESS = re.compile(r"\+([0-9a-f]{32})@")
_MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@[^>\s]+>")
_STATUS_4 = re.compile(r"(?<![\d.])4\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_ONLY_LATE = re.compile(r"warning( message)? only|still being retried|has not yet been delivered", re.IGNORECASE)
_LATE_SUBJECT = re.compile(r"\bdelay(ed)?\b", re.IGNORECASE)
_RETURNED = re.compile(
    r"^-{2,}.*\b(copy|below this line|original message|returned message)\b", re.IGNORECASE | re.MULTILINE
)
_DAEMONS = ("mailer-daemon", "postmaster", "mail delivery")


@dataclass(frozen=True)
class DeliveryReport:
    """What one report says about one recipient. `key` is our delivery's, where the report lets it be told."""

    kind: BounceKind
    address: str
    key: uuid.UUID | None = None
    detail: str = ""


def reports_parse(octets: bytes) -> list[DeliveryReport]:
    """Return what a message from the bounce mailbox reports; nothing for a mail that is no report.

    A report that something is delayed, relayed or delivered says nothing that we don't know.
    """
    message = email.message_from_bytes(octets, policy=email.policy.default)
    key = _key(message, octets)
    if _is_complaint(message):
        return [DeliveryReport(BounceKind.COMPLAINT, _complained(message), key, "feedback report")]
    fields = list(_recipient_fields(message))
    if fields:
        return [report for group in fields if (report := _report(group, key))]
    return _guess(message, key)


def _recipient_fields(message: EmailMessage) -> Iterator[Message]:
    """Yield the groups of fields of a delivery status that speak of a recipient (RFC 3464 section 2.3)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (group for group in payload if isinstance(group, Message) and _address(group))


def _report(fields: Message, key: uuid.UUID | None) -> DeliveryReport | None:
    if not str(fields.get("Action", "")).strip().lower().startswith("failed"):
        return None
    status = str(fields.get("Status", "")).strip()
    diagnostic = str(fields.get("Diagnostic-Code", "")).partition(";")[2] or str(fields.get("Diagnostic-Code", ""))
    return DeliveryReport(
        _kind(status, diagnostic), _address(fields), key, " ".join(f"{status} {diagnostic}".split())[:500]
    )


def _address(fields: Message) -> str:
    """Return the recipient that we mailed: the original one, where a forwarding server names both."""
    value = fields.get("Original-Recipient") or fields.get("Final-Recipient") or ""
    return str(value).rpartition(";")[2].strip().strip("<>").lower()


def _kind(status: str, diagnostic: str) -> BounceKind:
    """Tell an address that nobody has from anything else. The diagnostic is more exact than the status before it.

    A full mailbox (5.2.2) is reported as final, and empties again. A refusal by rule (5.7.x: spam, a sender's SPF) is
    final for this mail and says nothing of the address: a record set wrongly here must not suspend everybody.
    """
    return BounceKind.HARD if status.startswith("5") and says_nobody(f"{diagnostic} {status}") else BounceKind.SOFT


def _is_complaint(message: EmailMessage) -> bool:
    return any(part.get_content_type() == "message/feedback-report" for part in message.walk())


def _complained(message: EmailMessage) -> str:
    found = re.search(r"(?im)^Original-Rcpt-To:\s*<?([^>\s]+)", message.as_string())
    return found.group(1).lower() if found else ""


def _guess(message: EmailMessage, key: uuid.UUID | None) -> list[DeliveryReport]:
    """Read a report in prose, as Exim, qmail and old Japanese servers write them: only where it names our delivery.

    They call themselves "auto-replied" as an out-of-office note does; that comes from a person, not from a server.
    """
    sender = str(message.get("From", "")).lower()
    is_report = "X-Failed-Recipients" in message or any(name in sender for name in _DAEMONS)
    if key is None or not is_report:
        return []
    body = message.get_body(("plain",))
    text = _before_the_copy(body.get_content() if body is not None else "")
    if not text or _ONLY_LATE.search(text) or _LATE_SUBJECT.search(str(message.get("Subject", ""))):
        return []
    hard = says_nobody(text) and not _STATUS_4.search(text)
    return [DeliveryReport(BounceKind.HARD if hard else BounceKind.SOFT, "", key, text[-500:])]


def _before_the_copy(text: str) -> str:
    """Return what the server says itself, on one line, the reason last; our own mail, returned below, says nothing."""
    copied = _RETURNED.search(text)
    return " ".join(text[: copied.start() if copied else None].split())


def delivery_key(text: str) -> uuid.UUID | None:
    """Return the key in the first Message-ID of ours that a text holds."""
    found = _MESSAGE_ID.search(text)
    return uuid.UUID(found.group(1)) if found else None


def _key(message: EmailMessage, octets: bytes) -> uuid.UUID | None:
    """Find our delivery: in the address that the report came to, else in the headers that it returns."""
    for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To"):
        for value in message.get_all(name, []):
            if found := _KEY_IN_ADDRESS.search(str(value).lower()):
                return uuid.UUID(found.group(1))
    own = str(message.get("Message-ID", ""))
    for match in _MESSAGE_ID.finditer(octets.decode("latin-1")):
        if match.group() not in own:
            return uuid.UUID(match.group(1))
    return None
