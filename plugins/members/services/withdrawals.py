"""Members that leave: announced online, confirmed by the secretariat."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Organisation, Seat
from cms.calendar import format_date, today
from plugins.members.enums import LeaveReason, WithdrawalState
from plugins.members.models import Membership, Withdrawal
from plugins.members.permissions import SPEAK_FOR_IT

from .decisions import decide, undecided
from .memberships import membership_end

if TYPE_CHECKING:
    from cms.accounts.models import User


@transaction.atomic
def withdrawal_announce(*, organisation: Organisation, ends_on: dt.date, reason: str, by: User) -> Withdrawal:
    """Keep that a member wants to leave on that day. Nothing ends before the secretariat confirms it.

    Raises `ValidationError` where it is no member, has announced it already, or names a day that has passed.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if ends_on <= today():
        raise ValidationError({"ends_on": _("Please enter a day after today.")})
    if not Membership.objects.filter(organisation=locked, ends_on__isnull=True).exists():
        raise ValidationError(_("It has no membership that could end."))
    known = Withdrawal.objects.filter(organisation=locked, state=WithdrawalState.ANNOUNCED).first()
    if known is not None:
        words = {"who": known.announced_by_name, "day": format_date(known.ends_on, weekday=False)}
        raise ValidationError(_("%(who)s has announced it already, for %(day)s.") % words)
    held = (
        Seat.objects.held_by(by, today()).filter(organisation=locked, role__in=SPEAK_FOR_IT).order_by("-role").first()
    )
    made = Withdrawal.objects.create(
        organisation=locked,
        ends_on=ends_on,
        reason=reason,
        announced_by=by,
        announced_by_name=by.display_name,
        announced_by_role=held.role if held else "",
    )
    log(locked, "members.leave_announced", user=by, data={"on": ends_on.isoformat()})
    return made


@transaction.atomic
def withdrawal_confirm(*, withdrawal: Withdrawal, ends_on: dt.date, by: User) -> Withdrawal:
    """End the membership before that day. Raises `ValidationError` where it was decided, or the end can't be."""
    stored = undecided(withdrawal)
    membership = Membership.objects.filter(organisation=stored.organisation, ends_on__isnull=True).first()
    if membership is None:
        raise ValidationError(_("It has no membership that could end."))
    membership_end(membership=membership, ends_on=ends_on, reason=LeaveReason.WITHDREW, by=by)
    decide(stored, state=WithdrawalState.CONFIRMED, by=by)
    return stored


@transaction.atomic
def withdrawal_revoke(*, withdrawal: Withdrawal, by: User) -> Withdrawal:
    """Let the member stay. Raises `ValidationError` where it was decided already."""
    stored = undecided(withdrawal)
    decide(stored, state=WithdrawalState.REVOKED, by=by)
    log(stored.organisation, "members.leave_revoked", user=by)
    return stored
