"""Reads of announcements."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from .enums import Standing


class AnnouncementQuerySet(models.QuerySet):
    """By period: from `starts_at` to before `ends_at`."""

    def not_over(self, at: datetime) -> AnnouncementQuerySet:
        return self.filter(ends_at__gt=at)

    def standing(self, standing: str, at: datetime) -> AnnouncementQuerySet:
        """Keep what is shown, is scheduled or is over at that moment."""
        conditions = {
            Standing.SHOWN: models.Q(starts_at__lte=at, ends_at__gt=at),
            Standing.COMING: models.Q(starts_at__gt=at),
            Standing.OVER: models.Q(ends_at__lte=at),
        }
        return self.filter(conditions[Standing(standing)])
