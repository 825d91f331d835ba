"""Who is a member on a day, and who became one or is none any more."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Exists, OuterRef, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Affiliation, Organisation
from cms.calendar import FiscalYear, today
from cms.plugin_api import Impact
from plugins.members.enums import Change, Standing
from plugins.members.models import Application, Membership

if TYPE_CHECKING:
    from cms.accounts.querysets import OrganisationQuerySet


def is_member_on(date: dt.date) -> Exists:
    """Return the condition on an organisation of being a member on that day."""
    return Exists(Membership.objects.active_on(date).filter(organisation=OuterRef("pk")))


def members_on(date: dt.date) -> OrganisationQuerySet:
    """Return the organisations that are members on that day."""
    return Organisation.objects.filter(is_member_on(date))


def register_on(date: dt.date) -> OrganisationQuerySet:
    """Return every organisation that exists on that day, with `standing` and `member_since`."""
    past = Membership.objects.filter(organisation=OuterRef("pk"), starts_on__lte=date)
    current = Membership.objects.active_on(date).filter(organisation=OuterRef("pk"))
    standing = Case(
        When(is_member_on(date), then=Value(Standing.MEMBER)),
        When(Exists(past), then=Value(Standing.FORMER)),
        default=Value(Standing.NEVER),
        output_field=CharField(),
    )
    organisations = Organisation.objects.active_on(date)
    return organisations.annotate(standing=standing, member_since=Subquery(current.values("starts_on")[:1]))


def to_be_won_on(date: dt.date) -> OrganisationQuerySet:
    """Return who was never a member, is not to become one on a later day, and has not applied (`register_on`)."""
    to_come = Membership.objects.overlapping(date, None).filter(organisation=OuterRef("pk"))
    applied = Application.objects.undecided().filter(code=OuterRef("code"))
    return register_on(date).filter(~Exists(to_come), ~Exists(applied), standing=Standing.NEVER)


def changes_until(date: dt.date, change: Change) -> OrganisationQuerySet:
    """Return who became a member, or is none any more, between the last day of the fiscal year before and the day."""
    before, now = is_member_on(last_day_of_year_before(date)), is_member_on(date)
    if change == Change.JOINED:
        return Organisation.objects.filter(now, ~before)
    return Organisation.objects.filter(before, ~now)


def last_day_of_year_before(date: dt.date) -> dt.date:
    """Return 31 March before the fiscal year that holds the day."""
    return FiscalYear.of(date).previous.end


def impact() -> list[Impact]:
    """Count what stops when the plugin is switched off."""
    return [Impact(label=_("Member organisations"), count=members_on(today()).count())]


def is_unmanned_on(date: dt.date) -> Any:
    """Return the condition on an organisation that nobody sits on a seat of it that day (担当者不明), to be negated.

    A person whose account is closed is nobody.
    """
    return ~Exists(Affiliation.objects.in_charge_on(date).filter(organisation=OuterRef("pk")))


def is_unmanned(organisation: Organisation | None, date: dt.date) -> bool:
    """Whether nobody is in charge of one organisation on that day; the same rule as `is_unmanned_on`."""
    return not Affiliation.objects.in_charge_on(date).filter(organisation=organisation).exists()
