"""What staff should know of the worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone
from django_q.models import Failure, OrmQ, Task
from django_q.status import Stat

FAILURES_SHOWN_FOR = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""The worker publishes scheduled pages each minute; after this long without one it is not merely busy."""


@dataclass(frozen=True)
class QueueHealth:
    """The worker and its queue at one moment."""

    running: bool
    last_seen: datetime | None
    waiting: int
    failed: int


def queue_health() -> QueueHealth:
    """Read the heartbeat, when a job last finished, how many wait and how many failed lately."""
    beats = [stat.timestamp for stat in Stat.get_all()]
    finished = Task.objects.aggregate(last=Max("stopped"))["last"]
    return QueueHealth(
        running=bool(beats),
        last_seen=max([*beats, *([finished] if finished else [])], default=None),
        waiting=OrmQ.objects.count(),
        failed=recent_failures().count(),
    )


def recent_failures() -> QuerySet[Failure]:
    """Return the jobs that failed in the last days, the newest first."""
    return Failure.objects.filter(stopped__gte=timezone.now() - FAILURES_SHOWN_FOR).order_by("-stopped")
