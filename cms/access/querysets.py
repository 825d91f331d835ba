"""Chainable reads of groups and rules."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db.models import Q, QuerySet

from cms.accounts.models import Seat
from cms.calendar.spans import SpanQuerySet

from .enums import Audience


class GroupMembershipQuerySet(SpanQuerySet):
    """Reads of who is in a group."""

    def of_person(self, person: AbstractUser, on: dt.date) -> Self:
        """Keep those in force on that day of the seats that the person holds on it."""
        return self.active_on(on).filter(seat__in=Seat.objects.held_by(person, on).values("pk"))


class AccessRuleQuerySet(QuerySet[Any]):
    """Reads of rules."""

    def met_by(self, *, is_member: bool, memberships: QuerySet[Any], kept: Q) -> Self:
        """Keep those that let in who is, or isn't, a member of the association and has these group memberships.

        `kept` is the condition on groups that plugins keep.
        """
        met = Q(audience=Audience.GROUPS, groups__memberships__in=memberships) | (Q(audience=Audience.GROUPS) & kept)
        if is_member:
            met |= Q(audience=Audience.MEMBERS)
        return self.filter(met)
