from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule

from cms.jobs.apps import JobsConfig, sync_after_migrate
from cms.jobs.conf import RecurringJob
from cms.jobs.services import _first_run, recurring_jobs_sync
from cms.jobs.tasks import run_job

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch):
    """Declare only what a test wants, in no other app."""
    for config in apps.get_app_configs():
        if getattr(config, "recurring_jobs", ()):
            monkeypatch.setattr(type(config), "recurring_jobs", ())

    def declare(*declared: RecurringJob) -> None:
        for config in apps.get_app_configs():
            if hasattr(config, "recurring_jobs"):
                monkeypatch.setattr(type(config), "recurring_jobs", ())
        monkeypatch.setattr(JobsConfig, "recurring_jobs", declared)

    return declare


def rows() -> list[tuple[str, str, int | None]]:
    return list(Schedule.objects.order_by("args").values_list("args", "schedule_type", "minutes"))


@pytest.mark.postgres
@pytest.mark.django_db
def test_migrate_leaves_the_core_schedule_behind() -> None:
    ours = Schedule.objects.filter(args__startswith="('cms.jobs.").order_by("args")

    assert [(row.args, row.schedule_type, row.minutes) for row in ours] == [
        ("('cms.jobs.tasks.clear_sessions',)", "D", None),
        ("('cms.jobs.tasks.publish_scheduled',)", "I", 1),
    ]


@pytest.mark.postgres
@pytest.mark.django_db
def test_sync_twice_keeps_rows_and_their_next_run() -> None:
    later = timezone.now() + timedelta(hours=7)
    Schedule.objects.update(next_run=later)
    before = set(Schedule.objects.values_list("pk", "next_run"))

    recurring_jobs_sync()

    assert set(Schedule.objects.values_list("pk", "next_run")) == before


@pytest.mark.django_db
def test_sync_follows_a_changed_rhythm_and_drops_what_nobody_declares(jobs) -> None:
    Schedule.objects.all().delete()
    jobs(RecurringJob("a.tick", every=timedelta(minutes=1)), RecurringJob("a.night", at=time(3)))
    recurring_jobs_sync()
    assert rows() == [("('a.night',)", "D", None), ("('a.tick',)", "I", 1)]

    jobs(RecurringJob("a.tick", every=timedelta(minutes=15)))
    recurring_jobs_sync()

    assert rows() == [("('a.tick',)", "I", 15)]


@pytest.mark.django_db
def test_sync_leaves_schedules_of_others_alone(jobs) -> None:
    Schedule.objects.all().delete()
    Schedule.objects.create(name="made by a task", func="a.b")
    jobs()

    recurring_jobs_sync()

    assert list(Schedule.objects.values_list("name", flat=True)) == ["made by a task"]


def test_daily_job_starts_at_its_next_time() -> None:
    job = RecurringJob("a.night", at=time(3, 30))

    assert _first_run(job, datetime(2026, 4, 1, 3, 29, tzinfo=TOKYO)) == datetime(2026, 4, 1, 3, 30, tzinfo=TOKYO)
    assert _first_run(job, datetime(2026, 4, 1, 3, 30, tzinfo=TOKYO)) == datetime(2026, 4, 2, 3, 30, tzinfo=TOKYO)


@pytest.mark.parametrize(
    "rhythm",
    [{}, {"every": timedelta(hours=1), "at": time(3)}, {"every": timedelta(seconds=30)}, {"every": timedelta(0)}],
)
def test_job_without_one_rhythm_in_whole_minutes_is_refused(rhythm) -> None:
    with pytest.raises(ValueError, match=r"a\.b"):
        RecurringJob("a.b", **rhythm)


@pytest.mark.django_db
def test_sync_waits_until_the_queue_has_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    Schedule.objects.all().delete()
    monkeypatch.setattr("django.db.backends.base.introspection.BaseDatabaseIntrospection.table_names", lambda self: [])

    sync_after_migrate(using="default")

    assert not Schedule.objects.exists()


@pytest.mark.django_db
def test_every_declared_job_runs() -> None:
    declared = [job for config in apps.get_app_configs() for job in getattr(config, "recurring_jobs", ())]
    assert declared

    for job in declared:
        assert not str(run_job(job.task)).startswith("failed")


@pytest.mark.django_db
def test_clear_sessions_deletes_only_what_ran_out(client) -> None:
    from django.contrib.sessions.models import Session

    for key, expires in (("old", timezone.now() - timedelta(days=1)), ("new", timezone.now() + timedelta(days=1))):
        Session.objects.create(session_key=key, expire_date=expires)

    run_job("cms.jobs.tasks.clear_sessions")

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


@pytest.mark.django_db
def test_migrate_of_one_app_needs_no_queue() -> None:
    call_command("migrate", "contenttypes", verbosity=0)
