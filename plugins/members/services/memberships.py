"""Begins and ends memberships. Each is written into the history of the organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Organisation
from plugins.members.enums import JoinReason, LeaveReason
from plugins.members.models import Membership

from .history import history_write
from .officers import officer_terms_end

if TYPE_CHECKING:
    from cms.accounts.models import User


@dataclass(frozen=True)
class Admission:
    """What became of organisations that were to be made members at once."""

    begun: list[Organisation] = field(default_factory=list)
    members: list[Organisation] = field(default_factory=list)
    """Left out: members on that day or later."""
    closed: list[Organisation] = field(default_factory=list)
    """Left out: they don't exist on that day, or have been closed since."""


@transaction.atomic
def membership_begin(
    *,
    organisation: Organisation,
    starts_on: dt.date,
    by: User | None,
    reason: JoinReason = JoinReason.JOINED,
    note: str = "",
) -> Membership:
    """Make the organisation a member from that day.

    Raises `ValidationError` where it is one then already, doesn't exist then, or has been closed since.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    membership = Membership(organisation=locked, starts_on=starts_on, join_reason=reason, note=note)
    membership.full_clean()
    membership.save()
    log(locked, "members.begin", user=by, data={"on": starts_on.isoformat()})
    return membership


@transaction.atomic
def memberships_begin(
    *, organisations: Iterable[Organisation], starts_on: dt.date, by: User | None, reason: JoinReason, note: str = ""
) -> Admission:
    """Make many organisations members from that day, and leave out those that can't become one."""
    keys = [one.pk for one in organisations]
    locked = list(Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    rivals = Membership.objects.overlapping(starts_on, None).filter(organisation__in=keys)
    taken = set(rivals.values_list("organisation", flat=True))
    admission = Admission(members=[one for one in locked if one.pk in taken])
    for one in (one for one in locked if one.pk not in taken):
        membership = Membership(organisation=one, starts_on=starts_on, join_reason=reason, note=note)
        try:
            membership.check_organisation()
        except ValidationError:
            admission.closed.append(one)
        else:
            membership.save()
            admission.begun.append(one)
    history_write(entries=((one, "members.begin", {"on": starts_on.isoformat()}) for one in admission.begun), by=by)
    return admission


@transaction.atomic
def membership_end(
    *,
    membership: Membership,
    ends_on: dt.date,
    by: User | None,
    reason: LeaveReason = LeaveReason.WITHDREW,
    may_come_earlier: bool = False,
) -> Membership:
    """Let a membership end before that day, and with it the office that the organisation holds then.

    An end that is recorded stays unless that day `may_come_earlier`. Raises `ValidationError` where it has its end
    already, has not begun by then, or a term in office begins only then.
    """
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    stored = Membership.objects.select_for_update().select_related("organisation").get(pk=membership.pk)
    before = stored.ends_on
    if before is not None and not (may_come_earlier and ends_on < before):
        raise ValidationError(_("This membership has its end already. Correct it there if it is wrong."))
    stored.ends_on, stored.leave_reason = ends_on, reason
    stored.full_clean()
    stored.save()
    data = {"on": ends_on.isoformat()} if before is None else {"on": ends_on.isoformat(), "before": before.isoformat()}
    log(stored.organisation, "members.end", user=by, data=data)
    officer_terms_end(organisation=stored.organisation, on=ends_on, by=by)
    return stored
