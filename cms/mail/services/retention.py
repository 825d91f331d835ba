"""Deletes old bodies by rule. The record of who got what stays."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cms.mail.enums import DeliveryState
from cms.mail.models import Code, CodeFailure, Delivery, MailboxItem, Message, Notice

_AT_ONCE = 500
_CODES_KEPT = dt.timedelta(days=30)


def bodies_delete(*, at: dt.datetime | None = None) -> int:
    """Delete the bodies of settled messages that are MAIL_KEEP_BODIES_DAYS old, and of all confidential ones.

    Those that arrived went before, by `confidential_delete`; these failed, were cancelled, or nobody decided whether
    they arrived. Returns how many.
    """
    now = at or timezone.now()
    settled = Message.objects.with_body().settled()
    old = settled.filter(due_at__lt=now - dt.timedelta(days=settings.MAIL_KEEP_BODIES_DAYS))
    return _delete(old, now) + _delete(settled.filter(confidential=True), now)


def confidential_delete() -> int:
    """Delete the bodies of confidential messages that all their recipients got.

    What failed or is unknown can still be sent again. Until then, the links and codes in them can be read in the
    database and its copies. Returns how many.
    """
    unsent = Delivery.objects.filter(message=OuterRef("pk")).exclude(state=DeliveryState.SENT)
    return _delete(Message.objects.with_body().filter(~Exists(unsent), confidential=True), timezone.now())


def _delete(messages: models.QuerySet[Message], now: dt.datetime) -> int:
    """Delete so many in each transaction, until none is left; a deleted one is not among `messages` any more."""
    count = 0
    while deleted := _delete_some(messages, now):
        count += deleted
    return count


@transaction.atomic
def _delete_some(messages: models.QuerySet[Message], now: dt.datetime) -> int:
    chosen = list(messages.values_list("pk", flat=True)[:_AT_ONCE])
    Delivery.objects.filter(message__in=chosen).update(values={})
    MailboxItem.objects.filter(delivery__message__in=chosen, delivery__message__confidential=False).delete()
    Notice.objects.filter(message__in=chosen).update(text="")
    return Message.objects.filter(pk__in=chosen).update(text="", html="", entity=b"", body_deleted_at=now)


def codes_delete(*, at: dt.datetime | None = None) -> int:
    """Delete codes that ran out or were used long ago, and the memory of wrong ones."""
    now = at or timezone.now()
    CodeFailure.objects.filter(at__lt=now - dt.timedelta(days=1)).delete()
    return Code.objects.filter(expires_at__lt=now - _CODES_KEPT).delete()[0]
