"""Writes a message and one delivery a recipient, in the transaction of what caused it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cms.mail.conf import AT_ONCE, STANDARD_PLACEHOLDERS, message_id_domain
from cms.mail.enums import DeliveryState, Reason, Urgency
from cms.mail.mime import single_line
from cms.mail.models import DeclinedKind, Delivery, Message, OptOut, Suppression
from cms.mail.signals import mail_queued
from cms.mail.validators import mailing_problem, normalise_address

from .choices import is_official
from .fallbacks import deliveries_fall_back
from .rendering import mail_render

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

_BATCH = 500


@dataclass(frozen=True)
class Recipient:
    """Who gets a message, and the values of its placeholders for them."""

    address: str
    name: str = ""
    person_id: int | None = None
    organisation_id: int | None = None
    values: Mapping[str, str | Promise] = field(default_factory=dict)


@transaction.atomic
def message_enqueue(
    *,
    kind: str,
    subject: str,
    text: str,
    recipients: Iterable[Recipient],
    html: str = "",
    entity: bytes = b"",
    sender: str = "",
    reply_to: str = "",
    visible_to: Sequence[tuple[str, str]] = (),
    visible_cc: Sequence[tuple[str, str]] = (),
    placeholders: Collection[str] = (),
    headers: Mapping[str, str] | None = None,
    list_id: str = "",
    list_name: str = "",
    one_click: bool = False,
    urgency: Urgency = Urgency.NORMAL,
    confidential: bool = False,
    even_if_suspended: bool = False,
    due_at: dt.datetime | None = None,
    created_by: AbstractUser | None = None,
) -> Message:
    """Queue a message. It exists if, and only if, the surrounding transaction commits; workers are woken then.

    With any of `placeholders`, those of `STANDARD_PLACEHOLDERS` can be used too; without, the words are literal.
    `sender` is "Name <address>", by default DEFAULT_FROM_EMAIL. A recipient whose address can't be mailed, is
    suspended, has unsubscribed from the list, or turned the kind off gets a row all the same, failed, with the reason.
    One address gets a message once a person. Raises `ValidationError` for headers with line breaks and unknown
    placeholders.
    """
    sender_name, sender_address = parseaddr(sender or settings.DEFAULT_FROM_EMAIL)
    message = Message(
        kind=kind,
        sender=sender_address,
        sender_name=sender_name,
        reply_to=reply_to,
        visible_to=list(visible_to),
        visible_cc=list(visible_cc),
        subject=subject,
        text=text,
        html=html,
        entity=entity,
        placeholders=sorted({*placeholders, *STANDARD_PLACEHOLDERS}) if placeholders else [],
        headers=dict(headers or {}),
        list_id=list_id,
        list_name=list_name,
        one_click=one_click,
        urgency=urgency,
        confidential=confidential,
        id_domain=message_id_domain(),
        due_at=due_at or timezone.now(),
        created_by_id=created_by.pk if created_by else None,
        created_by_name=str(created_by) if created_by else "",
    )
    # `clean` says what the constraints say, without asking the database.
    message.full_clean(exclude=["created_by"], validate_constraints=False)
    message.save()
    deliveries_create(message=message, recipients=recipients, even_if_suspended=even_if_suspended)
    if message.due_at <= timezone.now():
        transaction.on_commit(lambda: mail_queued.send(Message, message=message))
    return message


def mail_enqueue(
    *,
    kind: str,
    recipients: Iterable[Recipient],
    context: Mapping[str, Any] | None = None,
    language: str = "",
    **options: Any,
) -> Message:
    """Queue a mail of a declared kind, rendered from its templates in one language; `options` as `message_enqueue`.

    Whoever queues it may read another: dates go into `context` as dates, and lazy words into the values of recipients.

    Raises `UnknownMailKindError`, and `ValidationError` where an official mail would offer to unsubscribe.
    """
    rendered = mail_render(kind=kind, context=context or {}, language=language)
    declared = rendered.kind
    if declared.official and options.get("one_click"):
        raise ValidationError(_("Nobody unsubscribes from an official notice."))
    settled: dict[str, Any] = {"urgency": declared.urgency, "confidential": declared.confidential, **options}
    with translation.override(language or settings.LANGUAGE_CODE):
        return message_enqueue(
            kind=declared.slug,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            placeholders=(*declared.placeholders, *STANDARD_PLACEHOLDERS),
            recipients=recipients,
            **settled,
        )


def deliveries_create(*, message: Message, recipients: Iterable[Recipient], even_if_suspended: bool = False) -> int:
    """Write the rows of the recipients, each address once a person; return how many."""
    seen: set[tuple[str, int | None]] = set()
    count = 0
    remaining = iter(recipients)
    while batch := list(islice(remaining, _BATCH)):
        rows = [_delivery(message, recipient) for recipient in batch]
        fresh = [row for row in rows if _is_new(row, seen)]
        Delivery.objects.bulk_create(fresh)
        count += len(fresh)
    if not even_if_suspended:
        _withhold_suspended(message)
    if message.list_id:
        _withhold(message, Q(address_key__in=OptOut.objects.filter(list_id=message.list_id).values("address")))
    if not is_official(kind=message.kind):
        _withhold(message, Q(person__in=DeclinedKind.objects.filter(kind=message.kind).values("person")))
    return count


def _is_new(row: Delivery, seen: set[tuple[str, int | None]]) -> bool:
    identity = (row.address_key, row.person_id)
    if identity == ("", None):
        return True
    if identity in seen:
        return False
    seen.add(identity)
    return True


def _delivery(message: Message, recipient: Recipient) -> Delivery:
    address = normalise_address(recipient.address)[:320]
    problem = mailing_problem(address)
    refused = {
        "state": DeliveryState.FAILED,
        "reason": Reason.ADDRESS_REFUSED,
        "reply": problem[:500],
        "finished_at": timezone.now(),
    }
    return Delivery(
        message=message,
        address=single_line(address),
        address_key=address.lower(),
        domain=address.rpartition("@")[2].lower()[:255],
        name=single_line(recipient.name)[:200],
        person_id=recipient.person_id,
        organisation_id=recipient.organisation_id,
        values={name: str(value) for name, value in recipient.values.items()},
        urgency=message.urgency,
        **(refused if problem else {"due_at": message.due_at if message.due_at > timezone.now() else AT_ONCE}),
    )


def _withhold_suspended(message: Message) -> None:
    suspended = Suppression.objects.active().filter(address=OuterRef("address_key"))
    held = message.deliveries.waiting().filter(address_key__in=Suppression.objects.active().values("address"))
    count = held.update(
        state=DeliveryState.FAILED,
        reason=Reason.SUSPENDED,
        reply=Subquery(suspended.values("detail")[:1]),
        finished_at=timezone.now(),
        due_at=None,
    )
    if count:
        deliveries_fall_back(deliveries=message.deliveries.filter(reason=Reason.SUSPENDED))


def _withhold(message: Message, unwanted: Q) -> None:
    message.deliveries.waiting().filter(unwanted).update(
        state=DeliveryState.FAILED, reason=Reason.OPTED_OUT, finished_at=timezone.now(), due_at=None
    )
