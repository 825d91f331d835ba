"""Records and ends terms in office, and keeps the reader group of the officers, which follows from them day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.access.models import Group
from cms.access.services import group_keep
from cms.calendar import format_date
from plugins.members.models import OfficerTerm

if TYPE_CHECKING:
    from cms.accounts.models import Organisation, User

OFFICERS = "members-officers"
"""The key of the group."""


def officers_group() -> Group:
    """Return the group to which pages and files can be limited; made where it is not."""
    with translation.override(settings.LANGUAGE_CODE):
        return group_keep(key=OFFICERS, name=_("Current officers"))


@transaction.atomic
def officer_term_record(*, term: OfficerTerm) -> OfficerTerm:
    """Store a term, and see to it that the group is there. Raises `ValidationError` with what speaks against it."""
    term.full_clean()
    term.save()
    officers_group()
    return term


def later_terms(*, organisation: Organisation, on: dt.date) -> Iterator[str]:
    """Say which terms begin on that day or later: they can't end by it, and nobody else takes them over."""
    for term in OfficerTerm.objects.filter(organisation=organisation, starts_on__gte=on).order_by("starts_on"):
        words = {"office": term.get_office_display(), "day": format_date(term.starts_on, weekday=False)}
        yield _("It is %(office)s from %(day)s. Please correct that term first.") % words


@transaction.atomic
def officer_terms_end(*, organisation: Organisation, on: dt.date, by: User | None) -> None:
    """End before that day whatever office the organisation holds then: it is no officer once it is no member.

    Raises `ValidationError` where a term begins on that day or later.
    """
    if obstacles := list(later_terms(organisation=organisation, on=on)):
        raise ValidationError(obstacles)
    for term in OfficerTerm.objects.in_force_on(on).filter(organisation=organisation):
        term.ends_on = on
        term.save(update_fields=["ends_on"])
        data = {"name": term.get_office_display(), "on": on.isoformat()}
        log(organisation, "members.office_end", user=by, data=data)
        log(term, "members.office_end", user=by, data=data)
