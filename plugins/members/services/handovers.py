"""Hands a seat over from a day on. The dates of the affiliations decide who has access; nothing has to run that day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.calendar import format_date, today
from cms.mail.services.messages import Recipient, mail_enqueue
from cms.privacy.services import is_name_of
from plugins.members.models import Handover, Invitation
from plugins.members.permissions import is_secretariat, may_undo

from .history import named
from .invitations import IssuedInvitation, invitation_issue, invitations_withdraw
from .seats import PersonData, seat_assign

if TYPE_CHECKING:
    from cms.accounts.enums import SeatRole

HANDOVER = "members.handover"
"""The kind of the mail to the predecessor."""


@dataclass(frozen=True)
class Announced:
    """A hand-over, and the successor's invitation where they need one: a letter is printed from it."""

    handover: Handover
    invitation: IssuedInvitation | None


@transaction.atomic
def handover_announce(
    *, seat: Seat, successor: User | PersonData, on: dt.date, by: User | None, by_letter: bool = False
) -> Announced:
    """Let a successor take the seat on that day, and invite them. From then on the predecessor's sessions are over.

    Raises `ValidationError` for a day that is past, a seat that nobody holds, one that is announced already, and a
    hand-over to oneself.
    """
    Organisation.objects.select_for_update().get(pk=seat.organisation_id)
    if on < today():
        raise ValidationError(_("That day is past. Please enter today or a day to come."))
    _refuse_announced(seat)
    held = _held_until(seat, on)
    if _is_same(held.person, successor):
        raise ValidationError(_("A seat is handed over to somebody else, not to oneself."))
    ended_on_before, held.ends_on = held.ends_on, on
    held.save(update_fields=["ends_on"])
    issued = None
    if isinstance(successor, User) and successor.has_usable_password():
        taken = seat_assign(seat=seat, person=successor, by=by, starts_on=on).person
    else:
        issued = invitation_issue(seat=seat, person=successor, by=by, by_letter=by_letter, starts_on=on)
        taken = issued.person
    handover = Handover(
        seat=seat,
        predecessor=held.person,
        successor=taken,
        on=on,
        ended_on_before=ended_on_before,
        announced_by=by,
        announced_by_name=by.display_name if by else "",
        announced_by_role=_role_of(by, seat.organisation_id),
    )
    handover.full_clean(exclude=["announced_by"])
    handover.save()
    _tell(handover)
    _log(handover, "members.handover", by)
    return Announced(handover, issued)


def handover_authorise(*, handover: Handover, by: User | None) -> None:
    """Let pass who may cancel an announced hand-over or change its seat (`may_undo`), and the secretariat.

    Raises `PermissionDenied` with the sentence that says who may.
    """
    seat, who, role = handover.seat, handover.announced_by_id, handover.announced_by_role
    own = list(Seat.objects.held_by(by, today()).filter(organisation=seat.organisation_id)) if by else []
    if not may_undo(own, seat, person=by, announced_by=who, announced_as=role):
        raise PermissionDenied(who_may_undo(handover))


def who_may_undo(handover: Handover) -> str:
    """Say it to whoever may not."""
    if not handover.announced_by_role:
        return _("The secretariat announced this hand-over. Only it can cancel or change it.")
    sentence = _("%(person)s announced this. They, your section head or the secretariat can cancel or change it.")
    return sentence % {"person": handover.announced_by_name}


@transaction.atomic
def handover_cancel(*, handover: Handover, by: User | None) -> Handover:
    """Take an announced hand-over back: the predecessor stays, the successor's code goes dead.

    The days that count are those of the seat, which may have been corrected since. Raises `PermissionDenied` as
    `handover_authorise` does, and `ValidationError` where it was cancelled already, its day has come, or the successor
    is not to come any more.
    """
    stored = Handover.objects.select_for_update().select_related("seat__organisation").get(pk=handover.pk)
    handover_authorise(handover=stored, by=by)
    if stored.cancelled_at is not None:
        raise ValidationError(_("This hand-over has been cancelled already."))
    if stored.on <= today():
        raise ValidationError(_("This hand-over has come into force. To go back, announce another one."))
    arriving = _arriving(stored)
    arriving.delete()
    held = Affiliation.objects.filter(seat=stored.seat, person=stored.predecessor, ends_on__gt=today())
    if staying := held.filter(ends_on__lte=arriving.starts_on).last():
        staying.ends_on = stored.ended_on_before
        staying.full_clean()
        staying.save(update_fields=["ends_on"])
    invitations_withdraw(invitations=Invitation.objects.filter(seat=stored.seat, person=stored.successor), by=by)
    stored.cancelled_at = timezone.now()
    stored.save(update_fields=["cancelled_at"])
    _log(stored, "members.handover_cancel", by)
    return stored


def _arriving(handover: Handover) -> Affiliation:
    """Return the time of the successor on the seat, which is still to begin."""
    rows = Affiliation.objects.filter(seat=handover.seat, person=handover.successor, starts_on__gt=today())
    row = rows.first()
    if row is None:
        sentence = _("By the register %(person)s is not to take this seat any more: there is nothing to cancel.")
        raise ValidationError(sentence % {"person": handover.successor})
    return row


@transaction.atomic
def seat_end(*, seat: Seat, on: dt.date, by: User | None) -> Affiliation:
    """Leave the seat empty from that day.

    Whoever was put there today and has not come yet is taken off it at once, and their code goes dead: a name or an
    address was wrong. Raises `ValidationError` as `handover_announce` does.
    """
    Organisation.objects.select_for_update().get(pk=seat.organisation_id)
    if on < today():
        raise ValidationError(_("That day is past. Please enter today or a day to come."))
    _refuse_announced(seat)
    if on == today() and (mistaken := _not_come_since(seat, on)):
        return _take_off(mistaken, by)
    held = _held_until(seat, on)
    held.ends_on = on
    held.save(update_fields=["ends_on"])
    data = {"seat": str(seat), **named(person=held.person), "on": on.isoformat()}
    log(held.organisation, "members.seat_end", user=by, data=data)
    return held


def _not_come_since(seat: Seat, on: dt.date) -> Affiliation | None:
    """Return who was put on the seat that day and has no account yet."""
    row = Affiliation.objects.filter(seat=seat, starts_on=on).select_related("person", "organisation").first()
    return row if row and not row.person.has_usable_password() else None


def _take_off(row: Affiliation, by: User | None) -> Affiliation:
    invitations_withdraw(invitations=Invitation.objects.filter(seat=row.seat, person=row.person), by=by)
    data = {"seat": str(row.seat), **named(person=row.person)}
    log(row.organisation, "members.seat_undo", user=by, data=data)
    row.delete()
    return row


@transaction.atomic
def seat_change(*, seat: Seat, role: SeatRole, label: str, by: User | None) -> Seat:
    """Give a seat another role or note.

    Where it is to be handed over, the successor would find another seat than was announced: raises `PermissionDenied`
    as `handover_authorise` does. Raises `ValidationError` where the organisation has such a seat already.
    """
    Organisation.objects.select_for_update().get(pk=seat.organisation_id)
    stored = Seat.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=seat.pk)
    if pending := pending_handover(stored):
        handover_authorise(handover=pending, by=by)
    before = str(stored)
    stored.role, stored.label = role, label
    stored.full_clean()
    stored.save(update_fields=["role", "label"])
    log(stored.organisation, "members.seat_change", user=by, data={"seat": before, "now": str(stored)})
    return stored


def _held_until(seat: Seat, on: dt.date) -> Affiliation:
    """Return who sits there on the day before: the one whose time ends. Nobody else may begin on that day."""
    still = Affiliation.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), seat=seat)
    rows = list(still.select_related("person", "organisation"))
    held = [row for row in rows if row.starts_on < on]
    begun = next((row for row in rows if row.starts_on >= on), None)
    if held and (begun is None or begun.starts_on > on):
        return held[-1]
    if begun is None:
        raise ValidationError(_("Nobody holds this seat on the day before. Please invite somebody to it instead."))
    words = {"person": begun.person, "day": format_date(begun.starts_on, weekday=False)}
    raise ValidationError(_("%(person)s holds or takes this seat from %(day)s. Please enter a later day.") % words)


def pending_handover(seat: Seat) -> Handover | None:
    """Return the hand-over of a seat that is announced and whose day has not come."""
    return Handover.objects.pending_on(today()).filter(seat=seat).select_related("seat", "successor").first()


def _role_of(by: User | None, organisation_id: int) -> str:
    """Return the role in the organisation from which somebody acts; none where it is the secretariat that acts."""
    if by is None or is_secretariat(by):
        return ""
    held = Seat.objects.held_by(by, today()).filter(organisation=organisation_id).order_by("-role").first()
    return held.role if held else ""


def _refuse_announced(seat: Seat) -> None:
    pending = pending_handover(seat)
    if pending is not None:
        words = {"person": pending.successor, "day": format_date(pending.on, weekday=False)}
        raise ValidationError(
            _("%(person)s takes this seat on %(day)s already. Please cancel that hand-over first.") % words
        )


def _is_same(person: User, successor: User | PersonData) -> bool:
    if isinstance(successor, User):
        return person == successor
    return is_name_of(names={person.get_full_name()}, text=f"{successor.last_name} {successor.first_name}")


def _tell(handover: Handover) -> None:
    person, organisation = handover.predecessor, handover.seat.organisation
    address = person.email or organisation.email
    if not address or not person.is_active:
        return
    mail_enqueue(
        kind=HANDOVER,
        context={
            "seat": handover.seat,
            "successor": str(handover.successor),
            "day": handover.on,
            "by": handover.announced_by_name,
        },
        recipients=[Recipient(address, str(person), person_id=person.pk, organisation_id=organisation.pk)],
    )


def _log(handover: Handover, action: str, by: User | None) -> None:
    log(handover.seat.organisation, action, user=by, data=handover.history)
