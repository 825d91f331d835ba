from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Task
from django_q.signing import SignedPackage
from django_q.status import Status

PANEL = "queue-health"


@pytest.fixture(autouse=True)
def _no_heartbeat():
    caches["heartbeat"].clear()


@pytest.fixture
def administrator(db):
    return get_user_model().objects.create_superuser("administrator", "a@example.jp", "x")


@pytest.fixture
def editor(db):
    group = Group.objects.create(name="in the admin")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = get_user_model().objects.create_user("person", "p@example.jp", "x")
    user.groups.add(group)
    return user


def beat() -> None:
    """Write the heartbeat as the worker does."""
    key = f"{Conf.Q_STAT}:one"
    get_broker().set_stat(key, SignedPackage.dumps(Status(pid=1, cluster_id="one"), compressed=True), 3)


def failure(*, days_ago: int = 0, identity: str = "1") -> Task:
    when = timezone.now() - timedelta(days=days_ago)
    return Task.objects.create(
        id=identity.rjust(32, "0"),
        name="four-words",
        func="cms.jobs.tasks.run_job",
        args=("cms.mail.tasks.deliver", [7]),
        result="[Errno 111] : Traceback …\n  File …\nConnectionRefusedError: [Errno 111] Connection refused",
        started=when,
        stopped=when,
        success=False,
    )


def home(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.django_db
def test_panel_says_that_the_worker_is_not_running(client, editor) -> None:
    assert "ワーカーは動いていません" in home(client, editor)


@pytest.mark.django_db
def test_panel_says_that_the_worker_runs_while_its_heart_beats(client, editor) -> None:
    beat()

    page = home(client, editor)

    assert "ワーカーは動いています" in page
    assert "ワーカーは動いていません" not in page


@pytest.mark.django_db
def test_panel_links_failures_for_those_who_may_read_them_only(client, editor, administrator) -> None:
    failure()
    link = f'href="{reverse("jobs_failed")}"'

    assert link not in home(client, editor)
    assert link in home(client, administrator)


@pytest.mark.django_db
def test_report_shows_task_and_last_line_of_the_error_of_recent_failures(client, administrator) -> None:
    failure()
    failure(days_ago=30, identity="2")
    client.force_login(administrator)

    page = client.get(reverse("jobs_failed")).content.decode()

    assert page.count("cms.mail.tasks.deliver") == 1
    assert "ConnectionRefusedError: [Errno 111] Connection refused" in page
    assert "Traceback" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["jobs_failed", "jobs_failed_results"])
def test_report_is_refused_without_the_permission(client, editor, name) -> None:
    failure()
    client.force_login(editor)

    response = client.get(reverse(name))

    assert response.status_code in {302, 403}
    assert b"cms.mail" not in response.content
