"""Who holds an office, and for which years there is a roster."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from cms.calendar import FiscalYear, fiscal_year_of
from cms.calendar.spans import EARLIEST, LATEST
from plugins.members.models import OfficerTerm

if TYPE_CHECKING:
    from cms.accounts.querysets import OrganisationQuerySet
from .register import members_on


def officers_on(date: dt.date) -> OrganisationQuerySet:
    """Return the members that hold an office on that day. Who is no member any more reads nothing as an officer."""
    held = OfficerTerm.objects.active_on(date).filter(organisation=OuterRef("pk"))
    return members_on(date).filter(Exists(held))


def officer_years() -> list[FiscalYear]:
    """Return the fiscal years for which there is a roster, the latest first: one query.

    Years beyond what a register can hold are left out, whatever is stored.
    """
    years = {
        year
        for starts_on, over_on in OfficerTerm.objects.held().values_list("starts_on", "over_on")
        for year in _years_of(starts_on, over_on)
    }
    return [FiscalYear(year) for year in sorted(years, reverse=True)]


def _years_of(starts_on: dt.date, over_on: dt.date | None) -> range:
    """Return the years of a term that lie within reach; one that goes on lasts until this year, or its first."""
    first = fiscal_year_of(starts_on)
    last = fiscal_year_of(over_on - dt.timedelta(days=1)) if over_on else max(first, FiscalYear.current().year)
    return range(max(first, fiscal_year_of(EARLIEST)), min(last, fiscal_year_of(LATEST)) + 1)
