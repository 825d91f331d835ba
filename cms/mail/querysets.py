"""Chainable reads of messages, deliveries, suspended addresses and codes."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q

from .conf import BACKOFF, CLOCK_TOLERANCE, lease
from .enums import MOVING_STATES, WAITING_STATES, DeliveryState, NoticeState

NOT_SENT = ~Q(deliveries__bounced_at__isnull=False)


class MessageQuerySet(models.QuerySet):
    """Reads of messages."""

    def with_numbers(self) -> Self:
        """Add how many recipients a message has in each state; what came back is counted apart from what was sent."""
        counted: dict[str, Any] = {
            f"{state.value}_count": Count("deliveries", filter=Q(deliveries__state=state) & NOT_SENT)
            for state in DeliveryState
        }
        bounced = Count("deliveries", filter=Q(deliveries__bounced_at__isnull=False))
        return self.annotate(recipient_count=Count("deliveries"), bounced_count=bounced, **counted)

    def settled(self) -> Self:
        """Keep the messages of which nothing is on its way any more."""
        return self.exclude(deliveries__state__in=MOVING_STATES)

    def with_body(self) -> Self:
        """Keep the messages whose text has not been deleted yet."""
        return self.filter(body_deleted_at__isnull=True)


class DeliveryQuerySet(models.QuerySet):
    """Reads of deliveries."""

    def waiting(self) -> Self:
        """Keep what a worker may still claim."""
        return self.filter(state__in=WAITING_STATES)

    def abandoned(self, at: dt.datetime) -> Self:
        """Keep what a worker claimed and never finished within its lease, as far as the clock can be believed."""
        over = Q(leased_until__lt=at) | Q(leased_until__gt=at + lease() + CLOCK_TOLERANCE)
        return self.filter(over, state=DeliveryState.SENDING)

    def deferred_for_too_long(self, at: dt.datetime) -> Self:
        """Keep what waits for longer than any pause: the clock was set back meanwhile."""
        return self.filter(state=DeliveryState.DEFERRED, due_at__gt=at + BACKOFF[-1] + CLOCK_TOLERANCE)

    def to_address(self, address: str) -> Self:
        """Keep what went to an address, whatever the case of its letters."""
        return self.filter(address_key=address.lower())

    def bounced(self) -> Self:
        """Keep what came back."""
        return self.filter(bounced_at__isnull=False)


class NoticeQuerySet(models.QuerySet):
    """Reads of official notices."""

    def due(self, at: dt.datetime) -> Self:
        """Keep the scheduled ones whose moment has come."""
        return self.filter(state=NoticeState.SCHEDULED, due_at__lte=at)


class SuppressionQuerySet(models.QuerySet):
    """Reads of suspended addresses."""

    def active(self) -> Self:
        """Keep the addresses to which nothing is mailed now."""
        return self.filter(lifted_at__isnull=True)

    def of_address(self, address: str) -> Self:
        """Keep the rows of one address, whatever the case of its letters."""
        return self.filter(address=address.lower())


class CodeQuerySet(models.QuerySet):
    """Reads of printed codes."""

    def usable(self, at: dt.datetime) -> Self:
        """Keep what has neither been used nor withdrawn nor run out."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)
