"""How an app declares work that comes back: `recurring_jobs = (RecurringJob(…),)` in its app config."""

from dataclasses import dataclass
from datetime import time, timedelta

MINUTE = timedelta(minutes=1)
JOB_RUNNER = "cms.jobs.tasks.run_job"
"""The function that the queue calls for every job, with the path of the task and its arguments."""


@dataclass(frozen=True)
class RecurringJob:
    """A task without arguments that runs again and again: each `every`, or daily at `at` (the site's own time).

    `task` is the dotted path of a function decorated with `django_tasks.task`.
    """

    task: str
    every: timedelta | None = None
    at: time | None = None

    def __post_init__(self) -> None:
        """Refuse a job that has no rhythm, two of them, or one finer than the queue can keep."""
        if (self.every is None) == (self.at is None):
            raise ValueError(f"{self.task} needs either every= or at=.")
        if self.every is not None and (self.every < MINUTE or self.every % MINUTE):
            raise ValueError(f"{self.task} recurs in whole minutes.")
