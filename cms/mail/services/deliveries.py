"""What people do about deliveries: cancel, try again, decide about an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.mail.conf import AT_ONCE
from cms.mail.enums import DeliveryAction, DeliveryState, Reason
from cms.mail.models import Delivery, DeliveryEvent, Message, Suppression
from cms.mail.querysets import DeliveryQuerySet
from cms.mail.validators import address_problem

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

_RETRYABLE = (DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.DEFERRED)


def message_cancel(*, message: Message, by: AbstractUser | None = None) -> int:
    """Cancel what has not been claimed; a worker finds nothing more at its next row. Return how many."""
    return deliveries_cancel(deliveries=message.deliveries.all(), by=by)


def delivery_cancel(*, delivery: Delivery, by: AbstractUser | None = None) -> bool:
    """Cancel one delivery, unless a worker has claimed it."""
    return bool(deliveries_cancel(deliveries=Delivery.objects.filter(pk=delivery.pk), by=by))


@transaction.atomic
def deliveries_cancel(*, deliveries: DeliveryQuerySet, by: AbstractUser | None = None) -> int:
    """Cancel those that no worker has claimed, however many, in a query for 500. Return how many."""
    return _change(deliveries.waiting(), DeliveryAction.CANCELLED, by, state=DeliveryState.CANCELLED, **_ended())


@transaction.atomic
def delivery_retry(*, delivery: Delivery, by: AbstractUser | None = None) -> bool:
    """Queue one delivery again under the same Message-ID. Raises `ValidationError` where that can't work."""
    _check_can_go_out(delivery)
    return bool(deliveries_retry(deliveries=Delivery.objects.filter(pk=delivery.pk), by=by))


@transaction.atomic
def deliveries_retry(*, deliveries: DeliveryQuerySet, by: AbstractUser | None = None) -> int:
    """Queue again what failed, was cancelled or is deferred; leave alone what can't be mailed. Return how many."""
    rows = (
        deliveries.filter(state__in=_RETRYABLE, message__body_deleted_at__isnull=True)
        .exclude(reason__in=[Reason.ADDRESS_REFUSED, Reason.OPTED_OUT])
        .exclude(address_key__in=Suppression.objects.active().values("address"))
    )
    return _change(rows, DeliveryAction.RETRIED, by, **_queued())


@transaction.atomic
def unknown_resolve(*, delivery: Delivery, arrived: bool, by: AbstractUser | None = None) -> bool:
    """Decide about a delivery of unknown outcome, after somebody has asked: it arrived, or it is sent once more."""
    rows = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNKNOWN)
    if arrived:
        return bool(_change(rows, DeliveryAction.RESOLVED_SENT, by, state=DeliveryState.SENT, **_ended()))
    _check_can_go_out(delivery)
    return bool(_change(rows, DeliveryAction.RETRIED, by, **_queued()))


def _check_can_go_out(delivery: Delivery) -> None:
    if delivery.message.body_deleted_at is not None:
        raise ValidationError(_("The text of this message has been deleted by rule; please write a new one."))
    if problem := address_problem(delivery.address):
        raise ValidationError(problem)
    if Suppression.objects.active().of_address(delivery.address_key).exists():
        raise ValidationError(_("The address is suspended. Telephone first, then lift the suspension."))


def _ended() -> dict[str, Any]:
    return {"due_at": None, "finished_at": timezone.now(), "worker": "", "leased_until": None}


def _queued() -> dict[str, Any]:
    # The claim's owner goes too, so that a worker that comes back late can't finish what is queued anew.
    return {
        "state": DeliveryState.QUEUED,
        "reason": "",
        "due_at": AT_ONCE,
        "deferred_since": None,
        "finished_at": None,
        "bounced_at": None,
        "worker": "",
        "leased_until": None,
    }


def _change(rows: DeliveryQuerySet, action: DeliveryAction, by: AbstractUser | None, **values: Any) -> int:
    """Change what the condition holds for at this moment, and write who did it into each history."""
    chosen = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=chosen).update(**values)
    events_record(deliveries=chosen, action=action, by=by)
    return len(chosen)


def events_record(
    *,
    deliveries: Iterable[int],
    action: DeliveryAction,
    by: AbstractUser | None = None,
    code: int | None = None,
    reply: str = "",
) -> None:
    """Write a line of history for each delivery."""
    by_id, name = (by.pk, str(by)) if by else (None, "")
    DeliveryEvent.objects.bulk_create(
        [
            DeliveryEvent(delivery_id=pk, action=action, by_id=by_id, by_name=name, reply_code=code, reply=reply[:500])
            for pk in deliveries
        ],
        batch_size=500,
    )
