"""Invites people to choose an ID and a password, by mail or by a printed letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.calendar import today
from cms.mail.services.codes import CodeRefusedError, code_url, code_use, codes_create, codes_withdraw
from cms.mail.services.messages import Recipient, mail_enqueue
from plugins.members.enums import Channel
from plugins.members.models import Invitation

from .history import history_write, named
from .seats import PersonData, seat_assign

if TYPE_CHECKING:
    from cms.accounts.enums import SeatRole
    from cms.mail.models import Code

INVITATION = "members.invitation"
"""The purpose of the code and the kind of the mail."""
ISSUED = ["seat", "code", "channel", "issued_at", "expires_at", "issued_by", "issued_by_name", "times_issued"]
"""What issuing anew writes."""
ARRIVED = "members.arrived"
"""The kind of the mail to a colleague who invited."""


@dataclass(frozen=True)
class IssuedInvitation:
    """An invitation with the words of its code, which are kept nowhere."""

    invitation: Invitation
    code: str

    @property
    def seat(self) -> Seat:
        """The seat for which the person is invited."""
        return self.invitation.seat

    @property
    def person(self) -> User:
        """Who is invited."""
        return self.invitation.person

    @property
    def expires_on(self) -> dt.date:
        """The last day on which the code works, in part."""
        return timezone.localdate(self.invitation.expires_at)


@transaction.atomic
def invitation_issue(
    *,
    seat: Seat,
    person: User | PersonData,
    by: User | None,
    by_letter: bool = False,
    starts_on: dt.date | None = None,
) -> IssuedInvitation:
    """Invite a person to a seat; who doesn't sit on it is put there from `starts_on`, today without it.

    By mail the code goes to the person's own address, else to the organisation's; a letter is printed from what is
    returned. Raises `ValidationError` where the seat is taken, the person has an account in use already, or there is
    no address.
    """
    held = _affiliation(seat, person) if isinstance(person, User) else None
    affiliation = held or seat_assign(seat=seat, person=person, by=by, starts_on=starts_on)
    if affiliation.person.has_usable_password():
        raise ValidationError(_("%(person)s has an account already.") % {"person": affiliation.person})
    if not affiliation.person.is_active:
        raise ValidationError(_("The account of %(person)s is closed.") % {"person": affiliation.person})
    return invitations_issue(affiliations=[affiliation], by=by, by_letter=by_letter)[0]


@transaction.atomic
def seat_add(
    *, organisation: Organisation, role: SeatRole, label: str, person: PersonData, by: User | None
) -> IssuedInvitation:
    """Make a seat and invite somebody to it. Raises `ValidationError` where the organisation has such a seat."""
    seat = Seat(organisation=organisation, role=role, label=label)
    seat.full_clean()
    seat.save()
    return invitation_issue(seat=seat, person=person, by=by)


@transaction.atomic
def invitations_issue(
    *, affiliations: Iterable[Affiliation], by: User | None, by_letter: bool = False
) -> Sequence[IssuedInvitation]:
    """Invite everybody on these seats who has not come yet, again where they were invited; earlier codes go dead.

    Who has an account already, or a closed one, is left out. Raises `ValidationError` naming those to whom nothing can
    be mailed.
    """
    invited: dict[int, Affiliation] = {}
    for affiliation in affiliations:
        if affiliation.person.is_active and not affiliation.person.has_usable_password():
            invited.setdefault(affiliation.person_id, affiliation)
    rows = list(invited.values())
    if not by_letter:
        _refuse_unreachable(rows)
    # Two clerks who invite the same people at once wait for each other here.
    list(User.objects.select_for_update().filter(pk__in=invited).order_by("pk").values_list("pk", flat=True))
    channel = Channel.LETTER if by_letter else Channel.MAIL
    issued = _issue(rows, channel, by)
    if issued and not by_letter:
        _send(issued)
    entries = (
        (one.seat.organisation, "members.invite", {"seat": str(one.seat), **named(person=one.person), "by": channel})
        for one in issued
    )
    history_write(entries=entries, by=by)
    return issued


@transaction.atomic
def invitation_accept(*, invitation: Invitation, username: str, password: str) -> User:
    """Let the person have their account, and use the code up.

    Raises `CodeRefusedError` where the invitation was accepted, withdrawn, issued anew or ran out meanwhile, or the
    account is closed or has a password in some other way, and `ValidationError` where the ID is taken or the seat has
    gone to somebody else.
    """
    stored = Invitation.objects.select_for_update().select_related("person", "seat__organisation").get(pk=invitation.pk)
    if stored.code_id != invitation.code_id or stored.code_id is None:
        raise CodeRefusedError(_("This code has been withdrawn or replaced. Please use the newest mail or letter."))
    code_use(pk=stored.code_id, purpose=INVITATION)
    if refusal := account_refusal(person=stored.person):
        raise CodeRefusedError(refusal)
    if _affiliation(stored.seat, stored.person) is None:
        raise ValidationError(_("This seat has gone to somebody else meanwhile. Please ask the secretariat."))
    person = stored.person
    person.username = username
    person.set_password(password)
    person.full_clean()
    person.save(update_fields=["username", "password"])
    stored.accepted_at = timezone.now()
    stored.save(update_fields=["accepted_at"])
    data = {**named(person=person), "seat": str(stored.seat)}
    log(stored.seat.organisation, "members.accept", user=person, data=data)
    _tell_colleague(stored)
    return person


@transaction.atomic
def invitations_withdraw(*, invitations: Iterable[Invitation], by: User | None) -> int:
    """Let the codes go dead before anybody came; return how many there were. The people stay on their seats."""
    keys = [invitation.pk for invitation in invitations]
    found = Invitation.objects.unsettled().filter(pk__in=keys).select_related("person", "seat__organisation")
    rows = list(found.select_for_update(of=("self",)))
    codes_withdraw(pks=[one.code_id for one in rows if one.code_id is not None])
    Invitation.objects.filter(pk__in=[one.pk for one in rows]).update(withdrawn_at=timezone.now())
    entries = (
        (one.seat.organisation, "members.uninvite", {**named(person=one.person), "seat": str(one.seat)}) for one in rows
    )
    history_write(entries=entries, by=by)
    return len(rows)


def invitation_of_code(*, code: Code) -> Invitation | None:
    """Return the invitation that a code belongs to; None where it was issued anew with another."""
    return Invitation.objects.select_related("person", "seat__organisation").filter(code=code).first()


def account_refusal(*, person: User) -> str:
    """Return the sentence why an account is not given away by a code: it is closed, or its owner has come.

    Nothing where it may be.
    """
    if not person.is_active:
        return _("This account is closed. Please ask the secretariat.")
    if person.has_usable_password():
        return _("This account has a password already. Please log in, or choose a new password if you forgot it.")
    return ""


def is_reachable(affiliation: Affiliation) -> bool:
    """Whether anything can be mailed to the person: at an address of their own, or of the organisation."""
    return bool(_address(affiliation.person, affiliation.seat.organisation))


def _tell_colleague(invitation: Invitation) -> None:
    """Tell whoever invited that the person has come; the secretariat, which invites hundreds, reads the list."""
    organisation = invitation.seat.organisation
    rows = Affiliation.objects.active_on(today()).filter(organisation=organisation, person=invitation.issued_by)
    row = rows.select_related("person").first()
    address = (row.person.email or organisation.email) if row else ""
    if row is None or not address:
        return
    mail_enqueue(
        kind=ARRIVED,
        context={"person": str(invitation.person), "seat": invitation.seat},
        recipients=[Recipient(address, str(row.person), person_id=row.person_id, organisation_id=organisation.pk)],
    )


def _issue(rows: Sequence[Affiliation], channel: Channel, by: User | None) -> list[IssuedInvitation]:
    """Give everybody a new code, in a few queries for a hundred."""
    people = [row.person for row in rows]
    earlier = {one.person_id: one for one in Invitation.objects.unsettled().filter(person__in=people)}
    codes_withdraw(pks=[one.code_id for one in earlier.values() if one.code_id is not None])
    issued = []
    for row, (code, text) in zip(rows, codes_create(purpose=INVITATION, people=people), strict=True):
        invitation = earlier.get(row.person_id) or Invitation(person=row.person, times_issued=0)
        invitation.person, invitation.seat, invitation.code, invitation.channel = row.person, row.seat, code, channel
        invitation.issued_at, invitation.expires_at = timezone.now(), code.expires_at
        invitation.issued_by, invitation.issued_by_name = by, by.display_name if by else ""
        invitation.times_issued += 1
        issued.append(IssuedInvitation(invitation=invitation, code=text))
    Invitation.objects.bulk_create([one.invitation for one in issued if one.invitation.pk is None], batch_size=500)
    Invitation.objects.bulk_update(earlier.values(), ISSUED, batch_size=100)
    return issued


def _send(issued: Sequence[IssuedInvitation]) -> None:
    mail_enqueue(
        kind=INVITATION,
        context={"code_url": code_url(), "expires": issued[0].expires_on},
        recipients=[
            Recipient(
                _address(one.person, one.seat.organisation),
                one.person.display_name,
                person_id=one.person.pk,
                organisation_id=one.seat.organisation_id,
                values={
                    "code": one.code,
                    "organisation": str(one.seat.organisation),
                    "seat": one.seat.name,
                },
            )
            for one in issued
        ],
    )


def _address(person: User, organisation: Organisation) -> str:
    return person.email or organisation.email


def _refuse_unreachable(rows: Iterable[Affiliation]) -> None:
    missing = [row for row in rows if not is_reachable(row)]
    if missing:
        names = "、".join(f"{row.seat.organisation} {row.person}" for row in missing)
        raise ValidationError(
            _("There is no mail address for %(names)s. Please print a letter.") % {"names": names}, code="no_address"
        )


def _affiliation(seat: Seat, person: User) -> Affiliation | None:
    still = Affiliation.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today()), seat=seat, person=person)
    return still.select_related("person", "seat__organisation").first()
