"""Who may do what with the register: the secretariat by its rights, members by the seats that they hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from cms.accounts.enums import SeatRole

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from cms.accounts.models import Seat


VIEW_REGISTER = "members.view_membership"
CHANGE_REGISTER = "members.change_membership"
VIEW_APPLICATIONS = "members.view_application"
DECIDE_APPLICATIONS = "members.change_application"
VIEW_WITHDRAWALS = "members.view_withdrawal"
DECIDE_WITHDRAWALS = "members.change_withdrawal"
VIEW_CLAIMS = "members.view_seatclaim"
DECIDE_CLAIMS = "members.change_seatclaim"
IMPORT_REGISTER = "members.add_registerimport"
INVITE = "members.add_invitation"
RUN_ROSTER = "members.add_rosterround"

SPEAK_FOR_IT = (SeatRole.SECTION_HEAD, SeatRole.LEAD)
"""Who announces in the name of an organisation that it leaves."""

MANAGED: dict[str, tuple[str, ...]] = {
    SeatRole.SECTION_HEAD: (SeatRole.SECTION_HEAD, SeatRole.LEAD, SeatRole.DEPUTY),
    SeatRole.LEAD: (SeatRole.LEAD, SeatRole.DEPUTY),
    SeatRole.DEPUTY: (),
}
"""Whose seats a role manages in its own organisation: the head all, the lead contact those beside and below."""


def managed_roles(own: Collection[Seat]) -> set[str]:
    """Return the roles that somebody who holds these seats may invite, change and end."""
    return {role for seat in own for role in MANAGED[seat.role]}


def may_manage(own: Collection[Seat], seat: Seat) -> bool:
    """Whether who holds the seats `own` may invite to a seat, change or end it."""
    here = [one for one in own if one.organisation_id == seat.organisation_id]
    return seat.role in managed_roles(here)


def may_hand_over(own: Collection[Seat], seat: Seat) -> bool:
    """Whether who holds the seats `own` may announce who takes a seat over: everybody their own, too."""
    return seat in own or may_manage(own, seat)


def is_secretariat(person: AbstractUser | None) -> bool:
    """Whether somebody acts on the register for the association: whoever may change it, and what no person does."""
    return person is None or person.has_perm(CHANGE_REGISTER)


def may_undo(
    own: Collection[Seat], seat: Seat, *, person: AbstractUser | None, announced_by: int | None, announced_as: str
) -> bool:
    """Whether somebody who holds the seats `own` may cancel an announced hand-over, or change its seat meanwhile.

    That is the secretariat; and of what it has not announced itself (`announced_as` is no role then) whoever announced
    it and may still hand the seat over, and the section head of the organisation.
    """
    if person is None or is_secretariat(person):
        return True
    if not announced_as:
        return False
    is_head = any(one.role == SeatRole.SECTION_HEAD and one.organisation_id == seat.organisation_id for one in own)
    return is_head or (announced_by == person.pk and may_hand_over(own, seat))
