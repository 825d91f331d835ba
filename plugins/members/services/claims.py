"""Claims of seats: sent in by whoever took over, proved by the organisation's mailbox, decided by the secretariat."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.calendar import today
from cms.mail.services.codes import code_create, code_url, code_use
from cms.mail.services.messages import Recipient, mail_enqueue
from plugins.members.enums import ClaimState
from plugins.members.models import SeatClaim
from plugins.members.selectors.register import members_on

from .decisions import decide, undecided
from .handovers import handover_announce
from .invitations import invitation_issue
from .seats import PersonData

if TYPE_CHECKING:
    from cms.mail.models import Code

CLAIM = "members.claim"
"""The purpose of the code and the kind of its mail."""
DECLINED = "members.claim_declined"

WINDOW = dt.timedelta(hours=1)
ALLOWED_FROM_ONE_ADDRESS = 10
"""Claims within the window. A prefecture's municipalities share one exit, hence not two or three."""
CLAIMS_A_DAY = 3
"""For one municipal code, known or not: nobody fills somebody else's mailbox, and the limit tells nothing."""
KEEP_UNCONFIRMED = dt.timedelta(days=14)
KEEP_DECIDED = dt.timedelta(days=365)
"""The next April shows whether the right person was let in."""


class ClaimsThrottledError(Exception):
    """Too many claims lately."""


@transaction.atomic
def claim_receive(*, claim: SeatClaim, language: str, origin: str) -> SeatClaim:
    """Store what was typed, whoever it is about; the same form sent twice is one claim.

    Looks nothing up, so that neither answer nor time tells who is a member. Raises `ClaimsThrottledError`.
    """
    if known := SeatClaim.objects.filter(form_token=claim.form_token).first():
        return known
    claim.origin = salted_hmac("members.claim.origin", origin, algorithm="sha256").hexdigest()
    lately = SeatClaim.objects.received_since(timezone.now() - WINDOW).filter(origin=claim.origin)
    of_day = SeatClaim.objects.received_since(timezone.now() - dt.timedelta(days=1)).filter(code=claim.code)
    if lately.count() >= ALLOWED_FROM_ONE_ADDRESS or of_day.count() >= CLAIMS_A_DAY:
        raise ClaimsThrottledError
    claim.language = language
    claim.save(force_insert=True)
    return claim


@transaction.atomic
def claim_code_send(*, pk: int) -> bool:
    """Mail a code to the representative address of the member that a claim names; once, and only where there is one."""
    claim = SeatClaim.objects.select_for_update().filter(pk=pk, organisation__isnull=True).first()
    organisation = members_on(today()).filter(code=claim.code).exclude(email="").first() if claim else None
    if claim is None or organisation is None:
        return False
    claim.organisation = organisation
    claim.save(update_fields=["organisation"])
    _made, text = code_create(purpose=CLAIM, payload={"claim": claim.pk})
    values = {"code": text, "organisation": str(organisation), "name": claim.name}
    _send(CLAIM, claim, values=values, context={"code_url": code_url()})
    return True


@transaction.atomic
def claim_confirm(*, code: Code) -> SeatClaim:
    """Let a claim count, and use the code up. Raises `CodeRefusedError`."""
    used = code_use(pk=code.pk, purpose=CLAIM)
    claim = SeatClaim.objects.select_for_update().get(pk=used.payload["claim"])
    claim.state, claim.confirmed_at = ClaimState.OPEN, timezone.now()
    claim.save(update_fields=["state", "confirmed_at"])
    log(claim, "members.claim_received")
    return claim


@transaction.atomic
def claim_approve(*, claim: SeatClaim, seat: Seat | None, holder: User | None, by: User) -> User:
    """Put the claimant on the seat today, a new one of their role without it, and invite them by mail.

    `holder` is who was seen to sit there: their time ends today. Raises `ValidationError` where the claim was decided
    already, or the seat has gone to somebody else since.
    """
    stored = undecided(claim)
    organisation = Organisation.objects.select_for_update().get(pk=stored.organisation_id)
    if seat is None:
        seat, _made = Seat.objects.get_or_create(organisation=organisation, role=stored.role, label="")
    sitting = Affiliation.objects.active_on(today()).filter(seat=seat).select_related("person").first()
    if (sitting.person if sitting else None) != holder:
        words = {"seat": seat, "person": sitting.person if sitting else _("nobody")}
        raise ValidationError(_("On this seat sits %(person)s now: %(seat)s. Please choose again.") % words)
    person = PersonData(last_name=stored.last_name, first_name=stored.first_name, email=organisation.email)
    if holder is None:
        stored.person = invitation_issue(seat=seat, person=person, by=by).person
    else:
        stored.person = handover_announce(seat=seat, successor=person, on=today(), by=by).handover.successor
    stored.seat = seat
    decide(stored, state=ClaimState.APPROVED, by=by)
    log(stored, "members.claim_approved", user=by, data={"seat": str(seat)})
    return stored.person


@transaction.atomic
def claim_decline(*, claim: SeatClaim, reason: str, by: User) -> SeatClaim:
    """Decline; the reason is mailed to the representative address. Raises `ValidationError` where it is decided."""
    stored = undecided(claim)
    stored.reason = reason
    decide(stored, state=ClaimState.DECLINED, by=by)
    _send(DECLINED, stored, values={"name": stored.name, "reason": reason})
    log(stored, "members.claim_declined", user=by)
    return stored


def seats_offered(*, claim: SeatClaim) -> list[tuple[Seat | None, User | None]]:
    """Return where the claimant can be put, what fits first: each seat with who sits there, else a new one."""
    seats = list(Seat.objects.filter(organisation=claim.organisation_id).select_related("organisation"))
    rows = Affiliation.objects.active_on(today()).filter(seat__in=seats).select_related("person")
    holders = {row.seat_id: row.person for row in rows}
    found: list[tuple[Seat | None, User | None]] = [(seat, holders.get(seat.pk)) for seat in seats]
    if not any(seat.role == claim.role and not seat.label for seat in seats):
        found.append((None, None))
    return sorted(found, key=lambda row: _fit(claim, *row))


def claims_forget() -> int:
    """Delete the claims that nobody confirmed, and those that were decided long ago; return how many.

    Who got a seat stands in the history of the organisation.
    """
    now = timezone.now()
    unconfirmed = Q(state=ClaimState.UNCONFIRMED, received_at__lt=now - KEEP_UNCONFIRMED)
    return SeatClaim.objects.filter(unconfirmed | Q(decided_at__lt=now - KEEP_DECIDED)).delete()[0]


def _fit(claim: SeatClaim, seat: Seat | None, holder: User | None) -> tuple[bool, bool, str]:
    role = seat.role if seat else claim.role
    return role != claim.role, holder is not None and holder.is_active, str(seat or "")


def _send(kind: str, claim: SeatClaim, *, values: dict[str, str], context: dict[str, str] | None = None) -> None:
    organisation = claim.organisation
    if organisation is None:
        return
    to = Recipient(organisation.email, str(organisation), organisation_id=organisation.pk, values=values)
    mail_enqueue(kind=kind, language=claim.language, context=context or {}, recipients=[to])
