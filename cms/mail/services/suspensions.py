"""Suspends addresses that mail comes back from, and lifts that again when somebody has asked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.mail.enums import DeliveryState, Reason, SuspensionCause
from cms.mail.models import Code, Delivery, Message, Suppression

from .codes import code_create, code_url, code_use
from .fallbacks import deliveries_fall_back
from .messages import Recipient, mail_enqueue

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

CONFIRM_ADDRESS = "mail.confirm_address"


@transaction.atomic
def address_suspend(
    *, address: str, cause: SuspensionCause, detail: str = "", seen_in: Delivery | None = None
) -> Suppression:
    """Mail nothing more to an address; what waits for it fails and goes to the representative address instead.

    Suspending twice keeps the first row.
    """
    key = address.strip().lower()
    suppression, _created = Suppression.objects.active().get_or_create(
        address=key,
        defaults={
            "cause": cause,
            "detail": detail[:500],
            "person": seen_in.person if seen_in else None,
            "organisation": seen_in.organisation if seen_in else None,
        },
    )
    waiting = list(Delivery.objects.waiting().to_address(key).select_for_update(of=("self",)))
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(
        state=DeliveryState.FAILED,
        reason=Reason.SUSPENDED,
        reply=detail[:500],
        finished_at=timezone.now(),
        due_at=None,
    )
    deliveries_fall_back(deliveries=waiting)
    return suppression


@transaction.atomic
def suspension_lift(*, suppression: Suppression, by_name: str) -> bool:
    """Mail to the address again from now on. What failed meanwhile is retried by hand, where it still matters."""
    rows = Suppression.objects.active().filter(pk=suppression.pk)
    return bool(rows.update(lifted_at=timezone.now(), lifted_by_name=by_name[:255]))


@transaction.atomic
def confirmation_send(*, suppression: Suppression, by: AbstractUser | None = None) -> Message:
    """Mail a code to a suspended address; whoever enters it at /code/ lifts the suspension.

    Raises `ValidationError` where the suspension has been lifted already.
    """
    if suppression.lifted_at is not None:
        raise ValidationError(_("This address is not suspended any more."))
    code, printed = code_create(purpose=CONFIRM_ADDRESS, payload={"suppression": suppression.pk})
    return mail_enqueue(
        kind=CONFIRM_ADDRESS,
        context={"code_url": code_url(), "expires": code.expires_at},
        recipients=[Recipient(suppression.address, values={"code": printed})],
        even_if_suspended=True,
        created_by=by,
    )


@transaction.atomic
def address_confirm(*, code: Code) -> Suppression:
    """Use up a confirmation code and lift the suspension that it speaks of. Raises `CodeRefusedError`."""
    used = code_use(pk=code.pk, purpose=CONFIRM_ADDRESS)
    suppression = Suppression.objects.get(pk=used.payload["suppression"])
    suspension_lift(suppression=suppression, by_name=suppression.address)
    return suppression
