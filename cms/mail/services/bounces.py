"""What comes back: marks the delivery, suspends the address where it is for good, and reads the bounce mailbox."""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.mail.conf import smtp_timeout
from cms.mail.enums import BounceKind, DeliveryAction, DeliveryState, SuspensionCause
from cms.mail.models import Delivery

from .deliveries import events_record
from .fallbacks import deliveries_fall_back
from .reports import DeliveryReport, reports_parse
from .suspensions import address_suspend

logger = logging.getLogger("cms.mail")

IMAP_PORT, IMAPS_PORT = 143, 993

SOFT_BOUNCES_ALLOWED = 3
"""So many reports of "for now" in a row, without a mail that stayed, count as one of "for good"."""


@transaction.atomic
def bounce_record(*, report: DeliveryReport) -> Delivery | None:
    """Write a report into the delivery that it speaks of; return it, or None where none was sent by us.

    A report about somebody whom we never mailed changes nothing: it may be forged. Reporting twice changes nothing.
    """
    delivery = _delivery(report)
    if delivery is None or delivery.bounced_at is not None:
        return delivery
    action = DeliveryAction.COMPLAINED if report.kind is BounceKind.COMPLAINT else DeliveryAction.BOUNCED
    Delivery.objects.filter(pk=delivery.pk).update(bounced_at=timezone.now(), reply=report.detail[:500])
    events_record(deliveries=[delivery.pk], action=action, reply=report.detail)
    if report.kind is BounceKind.COMPLAINT:
        _suspend(delivery, SuspensionCause.COMPLAINT, report)
    elif report.kind is BounceKind.HARD or _keeps_bouncing(delivery):
        _suspend(delivery, SuspensionCause.BOUNCE, report)
        deliveries_fall_back(deliveries=[delivery])
    return delivery


def _suspend(delivery: Delivery, cause: SuspensionCause, report: DeliveryReport) -> None:
    address_suspend(address=delivery.address, cause=cause, detail=report.detail, seen_in=delivery)


def _delivery(report: DeliveryReport) -> Delivery | None:
    """Find the delivery by its key; without one, the latest that went to the address."""
    sent = Delivery.objects.filter(state__in=[DeliveryState.SENT, DeliveryState.UNKNOWN]).select_for_update(
        of=("self",)
    )
    if report.key is not None:
        return sent.filter(key=report.key).first()
    if not report.address:
        return None
    return sent.to_address(report.address).order_by("-finished_at").first()


def _keeps_bouncing(delivery: Delivery) -> bool:
    latest = Delivery.objects.filter(address_key=delivery.address_key, state=DeliveryState.SENT)
    returned = latest.order_by("-finished_at").values_list("bounced_at", flat=True)[:SOFT_BOUNCES_ALLOWED]
    return len(returned) == SOFT_BOUNCES_ALLOWED and all(returned)


def bounce_mailbox_read() -> int:
    """Read what is unseen in MAIL_BOUNCE_MAILBOX; return how many reports concerned us. Nothing without the setting.

    A message is marked as seen after it was recorded: a crash in between records it once more, which changes nothing.
    """
    if not settings.MAIL_BOUNCE_MAILBOX:
        return 0
    count = 0
    with _mailbox(settings.MAIL_BOUNCE_MAILBOX) as mailbox:
        for number, octets in _unseen(mailbox):
            recorded = [bounce_record(report=report) for report in reports_parse(octets)]
            count += sum(delivery is not None for delivery in recorded)
            mailbox.uid("STORE", number, "+FLAGS", r"(\Seen)")
    return count


@contextmanager
def _mailbox(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    host, timeout = parts.hostname or "", smtp_timeout()
    mailbox: imaplib.IMAP4
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        mailbox = imaplib.IMAP4_SSL(host, parts.port or IMAPS_PORT, timeout=timeout, ssl_context=context)
    else:
        mailbox = imaplib.IMAP4(host, parts.port or IMAP_PORT, timeout=timeout)
    with mailbox:
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        status, _answer = mailbox.select(f'"{folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"There is no folder {folder} in the bounce mailbox")
        yield mailbox


def _unseen(mailbox: imaplib.IMAP4) -> Iterator[tuple[str, bytes]]:
    _status, found = mailbox.uid("SEARCH", "UNSEEN")
    for number in (found[0] or b"").split():
        # PEEK: reading alone marks nothing as seen.
        _status, answer = mailbox.uid("FETCH", number.decode(), "(BODY.PEEK[])")
        for part in answer:
            if isinstance(part, tuple):
                yield number.decode(), part[1]
