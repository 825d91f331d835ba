"""The task backend `jobs`: django_tasks in front, django-q2's table in the site's own database behind.

A job is a row of the same database, so it becomes visible when the transaction that enqueued it commits, and is gone
when that rolls back. No caller needs `on_commit`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

from .conf import JOB_RUNNER


class QueueBackend(BaseTaskBackend):
    """Hands tasks to the worker (`manage.py worker`)."""

    supports_async_task = True
    supports_defer = True

    def enqueue(self, task: Task[Any, Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> TaskResult[Any]:
        """Queue a task, or, with `run_after`, have it queued at that time."""
        # A decorated task may be imported before the models; the queue's own may not.
        from django_q.models import Schedule
        from django_q.tasks import async_task, schedule

        self.validate_task(task)
        result: TaskResult[Any] = TaskResult(
            task=task,
            id="",
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        # Positional, so that no argument of a task is taken for an option of the queue.
        call = (JOB_RUNNER, task.module_path, result.args, result.kwargs)
        if task.run_after is None:
            identity = async_task(*call, group=task.module_path[-100:])
        else:
            identity = schedule(*call, schedule_type=Schedule.ONCE, next_run=task.run_after).pk
        object.__setattr__(result, "id", str(identity))
        return result
