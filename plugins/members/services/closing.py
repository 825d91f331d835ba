"""Closes an organisation that is merged, changes its kind or is dissolved. What it was and wrote stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Affiliation, Organisation
from cms.calendar import format_date
from plugins.members.enums import JoinReason, LeaveReason
from plugins.members.models import Membership, OfficerTerm
from plugins.members.selectors.register import members_on

from .memberships import membership_begin, membership_end
from .officers import later_terms, officer_terms_end

if TYPE_CHECKING:
    from cms.accounts.models import User


@dataclass(frozen=True)
class Closing:
    """What closing an organisation does, before it is done."""

    organisation: Organisation
    on: dt.date
    successors: Sequence[Organisation]
    memberships: Sequence[Membership]
    terms: Sequence[OfficerTerm]
    affiliations: Sequence[Affiliation]
    new_members: Sequence[Organisation]
    obstacles: Sequence[str] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[str]:
        """What will happen, a sentence each."""
        day = format_date(self.on, weekday=False)
        yield _("%(organisation)s no longer exists from %(day)s.") % {"organisation": self.organisation, "day": day}
        for successor in self.successors:
            yield _("%(organisation)s is recorded as its successor.") % {"organisation": _named(successor)}
        for membership in self.memberships:
            yield _ending(membership)
        for term in self.terms:
            yield _("It is %(office)s until the day before.") % {"office": term.get_office_display()}
        for successor in self.new_members:
            yield _("%(organisation)s becomes a member on %(day)s.") % {"organisation": _named(successor), "day": day}
        for affiliation in self.affiliations:
            words = {"person": affiliation.person, "role": affiliation.seat.get_role_display()}
            yield _("%(person)s (%(role)s) holds the seat until the day before.") % words
        yield _("What was written and answered there stays, with the name that it had.")


def closing_plan(
    *, organisation: Organisation, on: dt.date, successors: Iterable[Organisation] = (), succeed: bool = True
) -> Closing:
    """Work out what closing would do, and change nothing."""
    followers = list(successors)
    memberships = list(Membership.objects.in_force_on(on).filter(organisation=organisation))
    members = set(members_on(on).filter(pk__in=[follower.pk for follower in followers]).values_list("pk", flat=True))
    new_members = [one for one in followers if one.pk not in members] if succeed and memberships else []
    held = organisation.affiliations.active_on(on).select_related("person", "seat")
    return Closing(
        organisation=organisation,
        on=on,
        successors=followers,
        memberships=memberships,
        terms=list(OfficerTerm.objects.in_force_on(on).filter(organisation=organisation)),
        affiliations=list(held),
        new_members=new_members,
        obstacles=[
            *_obstacles(organisation, on, followers),
            *_closed_since(new_members, on),
            *_later_memberships(new_members, on),
        ],
    )


@transaction.atomic
def organisation_close(
    *,
    organisation: Organisation,
    on: dt.date,
    by: User | None,
    successors: Iterable[Organisation] = (),
    succeed: bool = True,
) -> Closing:
    """Close an organisation before that day; nothing is deleted. Raises `ValidationError` with every obstacle."""
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    plan = closing_plan(organisation=stored, on=on, successors=successors, succeed=succeed)
    if plan.obstacles:
        raise ValidationError(list(plan.obstacles))
    for membership in plan.memberships:
        reason = LeaveReason.MERGED if plan.successors else LeaveReason.DISSOLVED
        membership_end(membership=membership, ends_on=on, reason=reason, by=by, may_come_earlier=True)
    for affiliation in plan.affiliations:
        affiliation.ends_on = on
        affiliation.save(update_fields=["ends_on"])
    officer_terms_end(organisation=stored, on=on, by=by)  # also of who is no member
    for successor in plan.new_members:
        membership_begin(organisation=successor, starts_on=on, reason=JoinReason.SUCCEEDED, by=by)
    stored.valid_to = on
    stored.save(update_fields=["valid_to"])
    stored.successors.add(*plan.successors)
    data = {"on": on.isoformat(), "successors": [one.code or str(one) for one in plan.successors]}
    log(stored, "members.close", user=by, data=data)
    return plan


def _obstacles(organisation: Organisation, on: dt.date, successors: Sequence[Organisation]) -> Iterator[str]:
    if not organisation.is_active_on(on - dt.timedelta(days=1)):
        yield _("It does not exist on the day before. Please compare the date.")
    if organisation in successors:
        yield _("An organisation can't be its own successor.")
    for successor in successors:
        if not successor.is_active_on(on):
            yield _("%(organisation)s does not exist on that day.") % {"organisation": _named(successor)}
    if Membership.objects.filter(organisation=organisation, starts_on__gte=on).exists():
        yield _("It has a membership that begins on that day or later. Please correct that first.")
    taken = organisation.affiliations.filter(starts_on__gte=on).select_related("person").first()
    if taken is not None:
        words = {"person": taken.person, "day": format_date(taken.starts_on, weekday=False)}
        yield _("%(person)s takes a seat there on %(day)s. Please correct that first.") % words
    yield from later_terms(organisation=organisation, on=on)


def _closed_since(successors: Sequence[Organisation], on: dt.date) -> Iterator[str]:
    """Say which successor can't become a member, because it is closed itself by now."""
    for successor in (one for one in successors if one.is_active_on(on)):
        try:
            Membership(organisation=successor, starts_on=on).check_organisation()
        except ValidationError as error:
            yield from error.messages


def _later_memberships(successors: Sequence[Organisation], on: dt.date) -> Iterator[str]:
    """Say which successor becomes a member later anyway: two memberships would share days."""
    rows = Membership.objects.filter(organisation__in=successors, starts_on__gt=on).select_related("organisation")
    for row in rows.order_by("starts_on", "pk"):
        words = {"organisation": _named(row.organisation), "day": format_date(row.starts_on, weekday=False)}
        yield _("%(organisation)s has a membership that begins on %(day)s. Please correct that first.") % words


def _ending(membership: Membership) -> str:
    if membership.ends_on is None:
        return _("Its membership ends.")
    day = format_date(membership.ends_on, weekday=False)
    return _("Its membership ends then, and not only on %(day)s as recorded.") % {"day": day}


def _named(organisation: Organisation) -> str:
    return f"{organisation}（{organisation.code}）" if organisation.code else str(organisation)
