"""Who holds an office, and for which years there is a roster."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from cms.calendar import FiscalYear
from plugins.members.models import OfficerTerm

if TYPE_CHECKING:
    from cms.accounts.querysets import OrganisationQuerySet
from .register import members_on


def officers_on(date: dt.date) -> OrganisationQuerySet:
    """Return the members that hold an office on that day. Who is no member any more reads nothing as an officer."""
    held = OfficerTerm.objects.active_on(date).filter(organisation=OuterRef("pk"))
    return members_on(date).filter(Exists(held))


def officer_years() -> list[FiscalYear]:
    """Return the fiscal years for which there is a roster, the latest first: one query."""
    terms = list(OfficerTerm.objects.order_by("starts_on").values_list("starts_on", "ends_on"))
    last = FiscalYear.current().year
    years = {
        year
        for starts_on, ends_on in terms
        for year in range(
            FiscalYear.of(starts_on).year,
            (
                FiscalYear.of(ends_on - dt.timedelta(days=1)).year
                if ends_on
                else max(last, FiscalYear.of(starts_on).year)
            )
            + 1,
        )
    }
    return [FiscalYear(year) for year in sorted(years, reverse=True)]
