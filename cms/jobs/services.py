"""Keeps the queue's schedule equal to what the installed apps declare."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

from .conf import JOB_RUNNER, MINUTE, RecurringJob

NAME_PREFIX = "kairan: "
"""Marks the rows that are ours to change and to remove."""


def recurring_jobs() -> list[RecurringJob]:
    """Return what every installed app declares in its app config."""
    return [job for config in apps.get_app_configs() for job in getattr(config, "recurring_jobs", ())]


@transaction.atomic
def recurring_jobs_sync() -> None:
    """Make the schedule what the apps declare. What is right already stays as it is, its next run included."""
    declared = {f"{NAME_PREFIX}{job.task}": job for job in recurring_jobs()}
    ours = Schedule.objects.filter(name__startswith=NAME_PREFIX)
    ours.exclude(name__in=declared).delete()
    for name, job in declared.items():
        rhythm = _rhythm(job)
        rows = ours.filter(name=name)
        if not rows.filter(**rhythm).exists():
            rows.delete()
            Schedule.objects.create(name=name, next_run=_first_run(job, timezone.localtime()), **rhythm)


def _rhythm(job: RecurringJob) -> dict[str, Any]:
    call = {"func": JOB_RUNNER, "args": repr((job.task,))}
    if job.every is None:
        return {**call, "schedule_type": Schedule.DAILY, "minutes": None}
    return {**call, "schedule_type": Schedule.MINUTES, "minutes": job.every // MINUTE}


def _first_run(job: RecurringJob, now: datetime) -> datetime:
    if job.at is None:
        return now
    today = datetime.combine(now.date(), job.at, tzinfo=now.tzinfo)
    return today if today > now else today + timedelta(days=1)
