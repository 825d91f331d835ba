"""Chainable reads. A period includes its first day and excludes its end; an empty end means: until further notice."""

import datetime as dt
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q

from .enums import OrganisationKind
from .validators import normalise_key, normalise_municipal_code


def _in_force(first: str, end: str, on: dt.date) -> Q:
    return (Q(**{f"{first}__lte": on}) | Q(**{f"{first}__isnull": True})) & (
        Q(**{f"{end}__gt": on}) | Q(**{f"{end}__isnull": True})
    )


class OrganisationQuerySet(models.QuerySet):
    """Reads of organisations."""

    def active_on(self, date: dt.date) -> Self:
        """Keep what exists on that day: already founded, not yet merged or dissolved."""
        return self.filter(_in_force("valid_from", "valid_to", date))

    def of_kind(self, *kinds: OrganisationKind) -> Self:
        """Keep the given kinds."""
        return self.filter(kind__in=kinds)

    def in_prefecture(self, number: str) -> Self:
        """Keep one prefecture, by its JIS X 0401 number."""
        return self.filter(prefecture=number)

    def search(self, text: str) -> Self:
        """Keep what has `text` in its name or kana, or is the one with that code, in full width or half."""
        key = normalise_key(text)
        named = Q(name__icontains=text.strip()) | Q(kana__icontains=key) | Q(name__icontains=key)
        return self.filter(named | Q(code=normalise_municipal_code(text)) | Q(code__startswith=key)) if key else self

    def of_person(self, person: AbstractUser, on: dt.date) -> Self:
        """Keep the organisation for which the person holds a seat on that day: one at most."""
        return self.filter(
            _in_force("seats__affiliations__starts_on", "seats__affiliations__ends_on", on),
            seats__affiliations__person=person,
        ).distinct()


class SeatQuerySet(models.QuerySet):
    """Reads of seats."""

    def held_by(self, person: AbstractUser, on: dt.date) -> Self:
        """Keep the seats that the person holds on that day."""
        return self.filter(
            _in_force("affiliations__starts_on", "affiliations__ends_on", on), affiliations__person=person
        )

    def held_on(self, date: dt.date) -> Self:
        """Keep the seats on which somebody sits on that day."""
        return self.filter(_in_force("affiliations__starts_on", "affiliations__ends_on", date))

    def vacant_on(self, date: dt.date) -> Self:
        """Keep the seats on which nobody sits on that day."""
        return self.exclude(pk__in=SeatQuerySet(self.model).held_on(date).values("pk"))


class AffiliationQuerySet(models.QuerySet):
    """Reads of affiliations."""

    def active_on(self, date: dt.date) -> Self:
        """Keep those in force on that day."""
        return self.filter(_in_force("starts_on", "ends_on", date))

    def of_person(self, person: AbstractUser) -> Self:
        """Keep one person's."""
        return self.filter(person=person)

    def overlapping(self, starts_on: dt.date, ends_on: dt.date | None) -> Self:
        """Keep those that share at least one day with the period."""
        until = Q() if ends_on is None else Q(starts_on__lt=ends_on)
        return self.filter(until & (Q(ends_on__gt=starts_on) | Q(ends_on__isnull=True)))


class UserQuerySet(models.QuerySet):
    """Reads of people with an account."""

    def active(self) -> Self:
        """Keep the accounts that may log in."""
        return self.filter(is_active=True)

    def with_email(self, email: str) -> Self:
        """Keep the people who share that address, whatever the case of its letters."""
        return self.filter(email__iexact=normalise_key(email))

    def search(self, text: str) -> Self:
        """Keep the people who have every word of `text` in their name, login ID or mail address."""
        found = self
        for word in text.split():
            key = normalise_key(word)
            named = Q(last_name__icontains=word) | Q(first_name__icontains=word)
            found = found.filter(named | Q(username__icontains=key) | Q(email__icontains=key))
        return found

    def affiliated_on(self, date: dt.date) -> Self:
        """Keep the people who hold a seat on that day."""
        return self.filter(_in_force("affiliations__starts_on", "affiliations__ends_on", date)).distinct()


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # the base is made at run time
    """Makes users (`create_user`) and reads them (`UserQuerySet`)."""
