"""What is announced now, without a query: each process keeps what is not over for as long as the generation stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cms.site.storage.memory import GenerationMemory

from .models import Announcement

_kept: GenerationMemory[Sequence[Announcement]] = GenerationMemory()


def shown_announcements(*, at: datetime) -> list[Announcement]:
    """Return what is to be read at this moment, the most urgent first, then the newest."""
    shown = [one for one in _not_over(at) if one.starts_at <= at < one.ends_at]
    return sorted(shown, key=lambda one: (one.level, one.starts_at), reverse=True)


def next_change(*, at: datetime) -> datetime | None:
    """Return when the next announcement appears or goes; None where none is to come."""
    moments = [moment for one in _not_over(at) for moment in (one.starts_at, one.ends_at) if moment > at]
    return min(moments, default=None)


def _not_over(at: datetime) -> Sequence[Announcement]:
    # What is over by now was not when it was read; what comes later was read then too. So the clock alone decides.
    return _kept.get("", lambda: tuple(Announcement.objects.not_over(at)))
