"""What doesn't reach a person goes to the representative address of their organisation, where that has not got it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from cms.mail.conf import AT_ONCE
from cms.mail.enums import DeliveryAction, DeliveryState
from cms.mail.models import Delivery, DeliveryEvent, Suppression
from cms.mail.validators import address_problem, normalise_address


@transaction.atomic
def deliveries_fall_back(*, deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Queue each delivery again for its organisation's 代表メール, once; return what was queued.

    Nothing is queued where the organisation has no other address, where that is suspended too, or where the message
    is confidential: what lets one person in is not for a shared mailbox.
    """
    queued = []
    for delivery in _candidates(deliveries):
        fallback = _fallback(delivery)
        if fallback is not None:
            queued.append(fallback)
            DeliveryEvent.objects.create(
                delivery=delivery, action=DeliveryAction.FELL_BACK, reply=fallback.address[:500]
            )
    return queued


def _candidates(deliveries: Iterable[Delivery]) -> Iterable[Delivery]:
    rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    return (
        rows.filter(message__confidential=False, message__body_deleted_at__isnull=True, fallback__isnull=True)
        .filter(fallback_for__isnull=True, organisation__isnull=False)
        .exclude(organisation__email="")
        .select_related("message", "organisation")
    )


def _fallback(delivery: Delivery) -> Delivery | None:
    assert delivery.organisation is not None  # noqa: S101  _candidates keeps only those with one
    address = normalise_address(delivery.organisation.email)
    key = address.lower()
    if address_problem(address) or Suppression.objects.active().of_address(key).exists():
        return None
    if delivery.message.deliveries.to_address(key).exists():
        return None
    return Delivery.objects.create(
        message=delivery.message,
        address=address,
        address_key=key,
        domain=key.rpartition("@")[2],
        name=delivery.organisation.name[:200],
        organisation=delivery.organisation,
        values=delivery.values,
        urgency=delivery.urgency,
        state=DeliveryState.QUEUED,
        due_at=AT_ONCE,
        fallback_for=delivery,
    )
