from datetime import time, timedelta
from typing import Any, ClassVar

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from .conf import RecurringJob


class JobsConfig(AppConfig):
    """Background work: the task backend, the recurring jobs and the worker's heartbeat."""

    name = "cms.jobs"
    verbose_name = _("Jobs")
    recurring_jobs: ClassVar[tuple[RecurringJob, ...]] = (
        RecurringJob("cms.jobs.tasks.publish_scheduled", every=timedelta(minutes=1)),
        RecurringJob("cms.jobs.tasks.clear_sessions", at=time(3, 30)),
    )

    def ready(self) -> None:
        """Have the schedule follow the installed apps after each migrate; nothing is read here."""
        from . import checks  # noqa: F401  registers the checks

        # Django announces only apps with models; the schedule's model is the queue library's.
        post_migrate.connect(sync_after_migrate, sender=apps.get_app_config("django_q"))


def sync_after_migrate(using: str, **kwargs: Any) -> None:
    """Sync the recurring jobs, unless only some apps were migrated and the queue's table does not exist yet."""
    from .services import recurring_jobs_sync

    if "django_q_schedule" in connections[using].introspection.table_names():
        recurring_jobs_sync()
