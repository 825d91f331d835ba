"""What the worker runs: the one function through which every job passes, and the core's own recurring jobs."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management import call_command
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import Task

from cms.plugin_api.tasks import failure_recorded, reason_to_skip

logger = logging.getLogger(__name__)

SKIPPED = "skipped"


def run_job(path: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
    """Run the task at `path`, unless the plugin that it belongs to is off or gone: then it ends as skipped.

    A skipped job counts as done. Nobody repairs a queue because an administrator switched a plugin off.
    """
    reason = reason_to_skip(path)
    if reason is not None:
        return _skipped(path, reason)
    with failure_recorded(path):
        job: Task[Any, Any] = import_string(path)
        return job.call(*args, **(kwargs or {}))


def _skipped(path: str, reason: str) -> str:
    logger.info("Skipped %s: %s.", path, reason)
    return f"{SKIPPED}: {reason}"


@task(backend="jobs")
def publish_scheduled() -> None:
    """Publish and expire the pages whose time has come."""
    call_command("publish_scheduled")


@task(backend="jobs")
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")
