"""Background work."""

from django_tasks import task

from .models import Thing


@task(backend="jobs")
def tidy() -> None:
    """Leave a trace of having run."""
    Thing.objects.create(name="tidied")
