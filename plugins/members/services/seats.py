"""Puts people on seats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.calendar import today

from .history import named

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class PersonData:
    """Somebody who has no account yet. The address may be the section's, shared with others, or missing."""

    last_name: str
    first_name: str = ""
    email: str = ""


@transaction.atomic
def seat_assign(
    *, seat: Seat, person: User | PersonData, by: User | None, starts_on: dt.date | None = None
) -> Affiliation:
    """Put a person on a seat from that day, today without it; who is new gets an account without a password.

    Raises `ValidationError` where somebody else holds the seat then, or the person belongs to another organisation.
    """
    organisation = Organisation.objects.select_for_update().get(pk=seat.organisation_id)
    first_day = starts_on or today()
    if not organisation.is_active_on(first_day):
        raise ValidationError(_("%(organisation)s does not exist on that day.") % {"organisation": organisation})
    new = isinstance(person, PersonData)
    # The affiliation is checked before the account is made, so that a refusal leaves nothing behind.
    account = person_create(person=person, organisation=organisation) if isinstance(person, PersonData) else person
    affiliation = Affiliation(seat=seat, person=account, starts_on=first_day)
    affiliation.full_clean()
    affiliation.save()
    data = {"seat": str(seat), **named(person=account), "on": first_day.isoformat(), "new": new}
    log(organisation, "members.seat", user=by, data=data)
    return affiliation


@transaction.atomic
def person_create(*, person: PersonData, organisation: Organisation) -> User:
    """Make an account without a password, under an ID that its owner changes when they come."""
    account = User(
        username=next(_free_usernames(organisation)),
        last_name=person.last_name,
        first_name=person.first_name,
        email=person.email,
    )
    account.set_unusable_password()
    account.full_clean()
    account.save()
    return account


def _free_usernames(organisation: Organisation) -> Iterator[str]:
    prefix = organisation.code or f"x{organisation.pk}"
    taken = {
        name.lower()
        for name in User.objects.filter(username__startswith=f"{prefix}-").values_list("username", flat=True)
    }
    number = 1
    while True:
        if (name := f"{prefix}-{number}") not in taken:
            yield name
        number += 1
