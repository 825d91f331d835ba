"""Chainable reads of links."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db.models import QuerySet


class DraftLinkQuerySet(QuerySet[Any]):
    """Reads of links to drafts."""

    def open_at(self, moment: datetime) -> Self:
        """Keep those that open the draft at that moment."""
        return self.filter(revoked_at=None, expires_at__gt=moment)
