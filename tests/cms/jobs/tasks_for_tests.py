"""Tasks that the tests enqueue."""

from django_tasks import task

from cms.jobs.backends import QueueBackend

queue = QueueBackend("jobs", {})
ran: list[tuple[object, ...]] = []


@task(backend="jobs")
def remember(*args: object, **kwargs: object) -> str:
    ran.append((args, kwargs))
    return "remembered"


@task(backend="jobs")
def fail() -> None:
    raise RuntimeError("the mail server is away")
