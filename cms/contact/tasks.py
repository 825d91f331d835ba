"""Recurring work."""

from django_tasks import task

from .services import enquiries_tidy


@task(backend="jobs")
def tidy() -> None:
    """Delete old enquiries."""
    enquiries_tidy()
