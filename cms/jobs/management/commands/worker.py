"""Starts the worker. Named after what it is, so that no deployment depends on the library behind it."""

from typing import Any

from django.core.checks import Tags
from django_q.management.commands.qcluster import Command as QueueCommand

from cms.jobs.services import recurring_jobs_sync


class Command(QueueCommand):
    """Run until stopped."""

    help = "Runs queued and recurring jobs until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what needs the database, bring the recurring jobs up to date, then work."""
        self.check(tags=[Tags.database], databases=["default"])
        recurring_jobs_sync()
        super().handle(*args, **options)
