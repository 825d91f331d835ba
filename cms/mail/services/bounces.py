"""What comes back: marks the delivery, suspends the address where it is for good, and reads the bounce mailbox."""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.mail.conf import return_path_is_keyed, smtp_timeout
from cms.mail.enums import BounceKind, DeliveryAction, DeliveryState, SuspensionCause
from cms.mail.mime import single_line
from cms.mail.models import Delivery
from cms.mail.querysets import DeliveryQuerySet

from .deliveries import events_record
from .fallbacks import deliveries_fall_back
from .reports import DeliveryReport, reports_parse
from .suspensions import address_suspend

logger = logging.getLogger("cms.mail")

IMAP_PORT, IMAPS_PORT = 143, 993

SOFT_BOUNCES_ALLOWED = 3
"""So many reports of "for now" in a row, without a mail that stayed, count as one of "for good"."""


class DeliveryInHandError(Exception):
    """A worker has the delivery in its hands, and would write over what came back: the report is read again later."""


@transaction.atomic
def bounce_record(*, report: DeliveryReport, signed: bool = False) -> Delivery | None:
    """Write a report into the delivery that it speaks of; return it, or None where none was sent by us.

    A report about somebody whom we never mailed changes nothing: it may be forged. Reporting twice changes nothing.
    Where genuine reports carry a key, one without suspends nobody, unless it is `signed` otherwise: staff find it.
    Raises `DeliveryInHandError` while the delivery is being sent.
    """
    # A stranger's words: PostgreSQL takes no NUL, and one report would hold up all behind it.
    report = replace(report, address=single_line(report.address), detail=single_line(report.detail))
    delivery = _by_key(report)
    if delivery is None and return_path_is_keyed() and not signed:
        _unverified_record(report)
        return None
    if delivery is None and report.key is None:
        delivery = _latest(report)
    if delivery is None or delivery.bounced_at is not None:
        return delivery
    action = DeliveryAction.COMPLAINED if report.kind is BounceKind.COMPLAINT else DeliveryAction.BOUNCED
    Delivery.objects.filter(pk=delivery.pk).update(
        bounced_at=timezone.now(), reply=report.detail[:500], reply_code=None
    )
    events_record(deliveries=[delivery.pk], action=action, reply=report.detail)
    if report.kind is BounceKind.COMPLAINT:
        _suspend(delivery, SuspensionCause.COMPLAINT, report)
    elif report.kind is BounceKind.HARD or _keeps_bouncing(delivery):
        _suspend(delivery, SuspensionCause.BOUNCE, report)
        deliveries_fall_back(deliveries=[delivery])
    return delivery


@transaction.atomic
def refusal_record(*, delivery_pk: int, detail: str) -> None:
    """Do for an address that the mail server says nobody has what a hard bounce by report does; twice changes nothing.

    The delivery itself is the worker's, who finishes it.
    """
    delivery = Delivery.objects.get(pk=delivery_pk)
    address_suspend(address=delivery.address, cause=SuspensionCause.BOUNCE, detail=detail, seen_in=delivery)
    deliveries_fall_back(deliveries=[delivery])


def _suspend(delivery: Delivery, cause: SuspensionCause, report: DeliveryReport) -> None:
    address_suspend(address=delivery.address, cause=cause, detail=report.detail, seen_in=delivery)


def _unverified_record(report: DeliveryReport) -> None:
    """Note once for staff, beside what last went to the address, what anybody may have written."""
    delivery = _latest(report)
    if delivery is not None and not delivery.events.filter(action=DeliveryAction.UNVERIFIED).exists():
        events_record(deliveries=[delivery.pk], action=DeliveryAction.UNVERIFIED, reply=report.detail)


def _by_key(report: DeliveryReport) -> Delivery | None:
    return _latest_sent(Delivery.objects.filter(key=report.key)) if report.key is not None else None


def _latest(report: DeliveryReport) -> Delivery | None:
    return _latest_sent(Delivery.objects.all().to_address(report.address)) if report.address else None


def _latest_sent(rows: DeliveryQuerySet) -> Delivery | None:
    if rows.filter(state=DeliveryState.SENDING).exists():
        raise DeliveryInHandError
    sent = rows.filter(state__in=[DeliveryState.SENT, DeliveryState.UNKNOWN]).select_for_update(of=("self",))
    return cast("Delivery | None", sent.order_by("-finished_at").first())


def _keeps_bouncing(delivery: Delivery) -> bool:
    latest = Delivery.objects.filter(address_key=delivery.address_key, state=DeliveryState.SENT)
    returned = latest.order_by("-finished_at").values_list("bounced_at", flat=True)[:SOFT_BOUNCES_ALLOWED]
    return len(returned) == SOFT_BOUNCES_ALLOWED and all(returned)


def bounce_mailbox_read() -> int:
    """Read what is unseen in MAIL_BOUNCE_MAILBOX; return how many reports concerned us. Nothing without the setting.

    A message is marked as seen after it was recorded: a crash in between records it once more, which changes nothing.
    One about a delivery that is being sent stays unseen until the next reading.
    """
    if not settings.MAIL_BOUNCE_MAILBOX:
        return 0
    count = 0
    with _mailbox(settings.MAIL_BOUNCE_MAILBOX) as mailbox:
        for number, octets in _unseen(mailbox):
            try:
                recorded = [bounce_record(report=report) for report in _reports(number, octets)]
            except DeliveryInHandError:
                continue
            count += sum(delivery is not None for delivery in recorded)
            mailbox.uid("STORE", number, "+FLAGS", r"(\Seen)")
    return count


def _reports(number: str, octets: bytes) -> list[DeliveryReport]:
    try:
        return reports_parse(octets)
    except Exception:  # a mail that is broken or forged must not hold up the reports behind it
        logger.exception("Message %s in the bounce mailbox can't be read; it is left there", number)
        return []


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
