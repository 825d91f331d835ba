"""Background work. None of it runs while the plugin is off."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from .services import entries_forget

KEPT_FOR = timedelta(days=365)


@task(backend="jobs")
def forget_old() -> int:
    """Drop the entries of more than a year ago."""
    return entries_forget(before=timezone.now() - KEPT_FOR)
