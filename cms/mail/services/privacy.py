"""What the outbox keeps about a person, and how it forgets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.calendar import at_tokyo, format_date, format_time
from cms.mail.conf import mail_kinds
from cms.mail.enums import WAITING_STATES, DeliveryState
from cms.mail.models import (
    Code,
    DeclinedKind,
    Delivery,
    DeliveryEvent,
    MailboxItem,
    Message,
    Notice,
    OptOut,
    Suppression,
)
from cms.mail.querysets import DeliveryQuerySet

from .deliveries import deliveries_cancel

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractUser

_ERASED = "erased-"


def _own_addresses(person: AbstractUser) -> set[str]:
    """Return the addresses that are this person's alone: no other account's, no organisation's 代表メール."""
    found = {person.email.lower(), *Delivery.objects.filter(person_id=person.pk).values_list("address_key", flat=True)}
    return {
        address for address in found if address and not address.startswith(_ERASED) and not _shared(address, person)
    }


def _shared(address: str, person: AbstractUser) -> bool:
    others = get_user_model()._default_manager.exclude(pk=person.pk)  # noqa: SLF001  Django's public name
    organisations = apps.get_model("accounts", "Organisation")._default_manager  # noqa: SLF001  as above
    return others.filter(email__iexact=address).exists() or organisations.filter(email__iexact=address).exists()


def _deliveries(person: AbstractUser, addresses: set[str]) -> DeliveryQuerySet:
    """Return what went to the person: by name, and by an address of theirs where no person was noted."""
    named = Q(person_id=person.pk) | Q(person__isnull=True, address_key__in=addresses)
    rows: DeliveryQuerySet = Delivery.objects.filter(named)
    return rows


def _moment(at: dt.datetime | None) -> str:
    return f"{format_date(at_tokyo(at).date())} {format_time(at)}" if at else ""


def deliveries_of(*, person: AbstractUser) -> list[dict[str, str]]:
    """Return when which mail went to the person, the latest first. What let them in is named, never shown."""
    rows = _deliveries(person, _own_addresses(person)).select_related("message").order_by("-pk")
    return [
        {
            _("When"): _moment(row.finished_at),
            _("Subject"): row.message.subject,
            _("Address"): row.address,
            _("State"): row.get_state_display(),
        }
        for row in rows
    ]


def opt_outs_of(*, person: AbstractUser) -> list[dict[str, str]]:
    """Return the lists that the person wants nothing more from."""
    rows = OptOut.objects.filter(address__in=_own_addresses(person))
    return [{_("List"): row.list_id, _("Address"): row.address, _("When"): _moment(row.at)} for row in rows]


def declined_of(*, person: AbstractUser) -> list[dict[str, str]]:
    """Return the kinds of mail that the person has turned off."""
    kinds = mail_kinds()
    rows = DeclinedKind.objects.filter(person_id=person.pk)
    return [
        {_("Kind of mail"): str(kinds[row.kind].label) if row.kind in kinds else row.kind, _("When"): _moment(row.at)}
        for row in rows
    ]


def suspensions_of(*, person: AbstractUser) -> list[dict[str, str]]:
    """Return when an address of the person's was suspended, and why."""
    rows = Suppression.objects.filter(Q(person_id=person.pk) | Q(address__in=_own_addresses(person)))
    return [
        {
            _("Address"): row.address,
            _("Suspended"): _moment(row.suspended_at),
            _("Cause"): row.get_cause_display(),
            _("What the report said"): row.detail,
            _("Lifted"): _moment(row.lifted_at),
        }
        for row in rows
    ]


def person_forget(*, person: AbstractUser, neutral_name: str) -> int:
    """Cancel what waits for the person, and keep of the rest that it was sent, not to whom. Return how many.

    A mail to them alone loses its words, too. An address that others share stays with their rows. Raises
    `ValidationError` while a worker has a mail to the person in its hands.
    """
    addresses = _own_addresses(person)
    rows = _deliveries(person, addresses)
    deliveries_cancel(deliveries=rows)
    # After the cancelling: what a worker took until then is seen here, and nothing is left for it to take.
    if rows.filter(state=DeliveryState.SENDING).exists():
        raise ValidationError(_("A mail to this person is being sent. Please try again in a few minutes."))
    chosen = list(rows.values_list("pk", flat=True))
    _words_forget(chosen)
    nobody = Concat(Value(_ERASED), Cast("pk", CharField()))
    count: int = Delivery.objects.filter(pk__in=chosen).update(
        address=nobody, address_key=nobody, domain="", name=neutral_name, values={}, reply=""
    )
    _addresses_forget(person, addresses)
    _name_forget(person, neutral_name)
    Code.objects.filter(person_id=person.pk).delete()
    DeclinedKind.objects.filter(person_id=person.pk).delete()
    return count


def _words_forget(deliveries: list[int]) -> None:
    """Delete what names the person beside their rows: replies, values that went on to their organisation, words."""
    DeliveryEvent.objects.filter(delivery__in=deliveries).update(reply="")
    MailboxItem.objects.filter(delivery__in=deliveries).delete()
    Delivery.objects.filter(fallback_for__in=deliveries).exclude(state__in=WAITING_STATES).update(values={})
    others = Delivery.objects.filter(message=OuterRef("pk")).exclude(pk__in=deliveries)
    alone = Message.objects.with_body().filter(
        Exists(Delivery.objects.filter(message=OuterRef("pk"), pk__in=deliveries))
    )
    alone.exclude(Exists(others)).update(text="", html="", entity=b"", body_deleted_at=timezone.now())


def _addresses_forget(person: AbstractUser, addresses: set[str]) -> None:
    OptOut.objects.filter(address__in=addresses).delete()
    Suppression.objects.filter(address__in=addresses).delete()
    Suppression.objects.filter(person_id=person.pk).update(person=None)
    Message.objects.filter(reply_to__in=[person.email, *addresses]).exclude(reply_to="").update(reply_to="")
    shown = Message.objects.exclude(visible_to=[], visible_cc=[]).only("visible_to", "visible_cc")
    changed = [message for message in shown if _visible_forget(message, {str(person), *addresses})]
    Message.objects.bulk_update(changed, ["visible_to", "visible_cc"], batch_size=500)


def _visible_forget(message: Message, gone: set[str]) -> bool:
    """Take names and addresses out of To and Cc of a message; say whether any was there."""
    before = [message.visible_to, message.visible_cc]
    kept = [
        [[name, address] for name, address in pairs if name not in gone and address.lower() not in gone]
        for pairs in before
    ]
    message.visible_to, message.visible_cc = kept
    return kept != before


def _name_forget(person: AbstractUser, neutral_name: str) -> None:
    """Put the neutral name where the person wrote, released or decided."""
    written: list[tuple[type[models.Model], str]] = [
        (Message, "created_by"),
        (Notice, "created_by"),
        (Notice, "confirmed_by"),
        (DeliveryEvent, "by"),
    ]
    for model, field in written:
        rows = model._default_manager.filter(**{f"{field}_id": person.pk})  # noqa: SLF001  Django's public name
        rows.update(**{f"{field}_name": neutral_name})
    Suppression.objects.filter(lifted_by_name=str(person)).update(lifted_by_name=neutral_name)
