"""Chainable reads. A period includes its first day and excludes its end; an empty end means: until further notice."""

import datetime as dt
from collections.abc import Iterator
from typing import Self

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import ModelIterable
from django.utils.translation import gettext, pgettext

from cms.calendar.spans import SpanQuerySet, in_force

from .enums import OrganisationKind
from .validators import normalise_key, normalise_municipal_code

HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
KATAKANA = {small: code for code, small in HIRAGANA.items()}


class SpokenPermissions(ModelIterable):
    """Permissions named in the reader's language: the database has Django's English, which Wagtail prints."""

    def __iter__(self) -> Iterator[Permission]:
        for permission in super().__iter__():
            permission.name = permission_name(permission)
            yield permission


def permission_name(permission: Permission) -> str:
    """Say what a permission allows."""
    action, _, model = permission.codename.partition("_")
    said = {
        "add": pgettext("permission", "Add: %(model)s"),
        "change": pgettext("permission", "Change: %(model)s"),
        "delete": pgettext("permission", "Delete: %(model)s"),
        "view": pgettext("permission", "View: %(model)s"),
    }
    if action in said and model == permission.content_type.model:
        return said[action] % {"model": permission.content_type.name}
    return gettext(permission.name)


class OrganisationQuerySet(models.QuerySet):
    """Reads of organisations."""

    def active_on(self, date: dt.date) -> Self:
        """Keep what exists on that day: already founded, not yet merged or dissolved."""
        return self.filter(in_force(date, "valid_from", "valid_to"))

    def of_kind(self, *kinds: OrganisationKind) -> Self:
        """Keep the given kinds."""
        return self.filter(kind__in=kinds)

    def in_prefecture(self, number: str) -> Self:
        """Keep one prefecture, by its JIS X 0401 number."""
        return self.filter(prefecture=number)

    def search(self, text: str) -> Self:
        """Keep what has `text` in its name or kana, or is the one with that code, however it is typed."""
        key = normalise_key(text)
        spoken = Q(kana__icontains=key.translate(HIRAGANA)) | Q(kana__icontains=key.translate(KATAKANA))
        named = Q(name__icontains=text.strip()) | Q(name__icontains=key) | spoken
        return self.filter(named | Q(code=normalise_municipal_code(text)) | Q(code__startswith=key)) if key else self

    def of_person(self, person: AbstractUser, on: dt.date) -> Self:
        """Keep the organisation for which the person holds a seat on that day: one at most."""
        return self.filter(
            in_force(on, "seats__affiliations__starts_on", "seats__affiliations__ends_on"),
            seats__affiliations__person=person,
        ).distinct()


class SeatQuerySet(models.QuerySet):
    """Reads of seats."""

    def search(self, text: str) -> Self:
        """Keep the seats of the organisations that a search finds."""
        organisations = apps.get_model("accounts", "Organisation").objects.search(text)
        return self.filter(organisation__in=organisations.values("pk"))

    def held_by(self, person: AbstractUser, on: dt.date) -> Self:
        """Keep the seats that the person holds on that day."""
        return self.filter(
            in_force(on, "affiliations__starts_on", "affiliations__ends_on"), affiliations__person=person
        )

    def held_on(self, date: dt.date) -> Self:
        """Keep the seats on which somebody sits on that day."""
        return self.filter(in_force(date, "affiliations__starts_on", "affiliations__ends_on"))

    def vacant_on(self, date: dt.date) -> Self:
        """Keep the seats on which nobody sits on that day."""
        return self.exclude(pk__in=SeatQuerySet(self.model).held_on(date).values("pk"))


class AffiliationQuerySet(SpanQuerySet):
    """Reads of affiliations."""

    def of_person(self, person: AbstractUser) -> Self:
        """Keep one person's."""
        return self.filter(person=person)

    def in_charge_on(self, date: dt.date) -> Self:
        """Keep those in force on that day whose person may log in: whose account is closed answers for nobody."""
        return self.active_on(date).filter(person__is_active=True)


def _enters_admin() -> Q:
    """Return the condition on a person of being an administrator or having the right to enter the admin."""
    entering = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    return (
        Q(is_superuser=True)
        | Exists(entering.filter(user=OuterRef("pk")))
        | Exists(entering.filter(group__user=OuterRef("pk")))
    )


class UserQuerySet(models.QuerySet):
    """Reads of people with an account."""

    def active(self) -> Self:
        """Keep the accounts that may log in."""
        return self.filter(is_active=True)

    def departed_on(self, date: dt.date) -> Self:
        """Keep who sat on a seat, sits on none on that day and on none announced, and doesn't work for the secretariat.

        Their sessions have ended, and none begins: decided by the dates of the seats, whether any job ran or not.
        """
        rows = apps.get_model("accounts", "Affiliation").objects.filter(person=OuterRef("pk"))
        still = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=date))
        return self.filter(Exists(rows), ~Exists(still), ~_enters_admin())

    def with_admin_access(self) -> Self:
        """Keep administrators, staff and who may enter the admin, whether they may log in just now or not."""
        return self.filter(Q(is_staff=True) | _enters_admin())

    def choosing_passwords(self) -> Self:
        """Keep those who may choose a password by themselves: who has had one, and who works for the secretariat.

        Everybody else begins by the code of an invitation, which ends and can be withdrawn. The secretariat's own
        people are invited by nobody.
        """
        return self.filter(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | _enters_admin())

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
        return self.filter(in_force(date, "affiliations__starts_on", "affiliations__ends_on")).distinct()


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # the base is made at run time
    """Makes users (`create_user`) and reads them (`UserQuerySet`)."""
