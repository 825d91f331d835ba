from collections.abc import Iterator
from datetime import datetime, timedelta
from queue import Queue

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule, Task
from django_q.monitor import save_task
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage
from django_q.worker import worker

from cms.jobs import tasks
from tests.cms.jobs import tasks_for_tests
from tests.cms.jobs.tasks_for_tests import fail, queue, ran, remember


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


class _Timer:
    value = 0

    def get_lock(self):
        return transaction.atomic()


def work_off_queue() -> list[Task]:
    """Run what waits in this process, through the library's own worker and result keeper."""
    waiting, results = Queue(), Queue()
    for row in OrmQ.objects.all():
        waiting.put(SignedPackage.loads(row.payload))
    OrmQ.objects.all().delete()
    waiting.put("STOP")
    worker(waiting, results, _Timer(), timeout=None)
    while not results.empty():
        save_task(results.get(), get_broker())
    return list(Task.objects.order_by("started"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_enqueued_task_waits_and_runs_once_with_its_arguments() -> None:
    result = queue.enqueue(remember, (1, "二"), {"timeout": 5, "group": "none of the queue's"})

    assert ran == []
    (done,) = work_off_queue()

    assert ran == [((1, "二"), {"timeout": 5, "group": "none of the queue's"})]
    assert (done.id, done.success, done.result) == (result.id, True, "remembered")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_task_is_gone_when_the_transaction_that_enqueued_it_rolls_back() -> None:
    with transaction.atomic():
        queue.enqueue(remember, (), {})
        transaction.set_rollback(True)

    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deferred_task_is_queued_when_its_time_has_come() -> None:
    Schedule.objects.all().delete()
    queue.enqueue(_deferred(timezone.now() + timedelta(hours=1)), ("x",), {"flag": True})
    scheduler(get_broker())
    assert not OrmQ.objects.exists()

    Schedule.objects.update(next_run=timezone.now() - timedelta(seconds=1))
    scheduler(get_broker())
    work_off_queue()

    assert ran == [(("x",), {"flag": True})]


def _deferred(later: datetime) -> Task:
    """Defer the task; the suite's own backend, against which `using` checks it, runs everything at once."""
    deferred = remember.using()
    object.__setattr__(deferred, "run_after", later)
    return deferred


@pytest.mark.django_db(transaction=True)
def test_failing_task_is_kept_with_its_error_and_not_repeated() -> None:
    queue.enqueue(fail, (), {})

    (done,) = work_off_queue()

    assert not done.success
    assert "the mail server is away" in done.result
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_job_of_a_plugin_that_is_off_ends_as_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "reason_to_skip", lambda path: "the plugin 'surveys' is off")
    queue.enqueue(remember, (), {})

    (done,) = work_off_queue()

    assert (done.success, done.result) == (True, "skipped: the plugin 'surveys' is off")
    assert ran == []


@pytest.mark.django_db
def test_job_of_a_plugin_that_is_gone_ends_as_skipped() -> None:
    assert tasks.run_job("plugins.gone.tasks.remind") == "skipped: its plugin is not installed"


def test_test_tasks_are_importable_by_path() -> None:
    assert remember.module_path == f"{tasks_for_tests.__name__}.remember"
