"""Who sits on which seat, and how far they have come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from cms.accounts.models import Affiliation
from plugins.members.enums import Arrival
from plugins.members.models import Invitation

if TYPE_CHECKING:
    pass


def people_on_seats(on: dt.date) -> QuerySet[Affiliation]:
    """Return who sits on a seat on that day or will later, with `arrival`, the last `invited_at` and `expires_at`."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    issued = Invitation.objects.unsettled().filter(person=OuterRef("person"))
    arrival = Case(
        When(person__is_active=False, then=Value(Arrival.CLOSED)),
        When(~Q(person__password__startswith=UNUSABLE_PASSWORD_PREFIX), then=Value(Arrival.ACCEPTED)),
        When(Exists(issued.filter(expires_at__gt=timezone.now())), then=Value(Arrival.INVITED)),
        When(Exists(issued), then=Value(Arrival.EXPIRED)),
        default=Value(Arrival.NOT_INVITED),
        output_field=CharField(),
    )
    return Affiliation.objects.filter(still).annotate(
        arrival=arrival,
        invited_at=Subquery(issued.values("issued_at")[:1]),
        expires_at=Subquery(issued.values("expires_at")[:1]),
        channel=Subquery(issued.values("channel")[:1]),
    )
