"""Pages that come and go at their time, with the worker killed on the way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo_process import ROOT, environment
from tests.faults.conftest import Sqlite, manage

AHEAD = 90
"""Seconds until the pages are due: longer than a worker takes to start."""
PAGES = f"""
from datetime import timedelta
from django.utils import timezone
from wagtail.models import Page
from cms.pages.models import SectionPage
due = timezone.now() + timedelta(seconds={AHEAD})
root = Page.get_first_root_node()
root.add_child(instance=SectionPage(title="公開", slug="comes", live=False, go_live_at=due)).save_revision().publish()
root.add_child(instance=SectionPage(title="終了", slug="goes", expire_at=due)).save_revision().publish()
"""


class Site:
    """A site with a worker, seen from outside."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.database = Sqlite(data)
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start the worker of background jobs as an operator does."""
        with (self.data / f"worker-{len(self.workers)}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=ROOT,
                env=environment(self.data),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End it with all its processes, as a power cut does."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def live(self) -> set[str]:
        """Return the slugs of the pages that visitors see."""
        rows = self.database.run("SELECT slug FROM wagtailcore_page WHERE live AND slug IN ('comes', 'goes')")
        return {slug for (slug,) in rows}

    def jobs(self) -> int:
        """Count the jobs that have been run."""
        ((count,),) = self.database.run("SELECT COUNT(*) FROM django_q_task")
        return int(count)


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Iterator[Site]:
    made = Site(Path(shutil.copytree(template, tmp_path / "site")))
    yield made
    for worker in made.workers:
        if worker.poll() is None:
            made.kill(worker)


def wait_for(condition: Callable[[], bool], seconds: float = 180) -> None:
    """Wait; generously, because the machine that runs this is often busy."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.5)


def test_pages_come_and_go_though_the_worker_was_killed_before_and_dead_at_their_time(site: Site) -> None:
    manage("shell", data=site.data, script=PAGES)
    due = time.monotonic() + AHEAD
    killed = site.start_worker()
    wait_for(lambda: site.jobs() > 0)
    assert site.live() == {"goes"}
    site.kill(killed)
    time.sleep(max(due - time.monotonic(), 0) + 1)
    assert site.live() == {"goes"}

    site.start_worker()

    wait_for(lambda: site.live() == {"comes"})


def test_pages_come_and_go_though_the_worker_is_killed_while_it_publishes(site: Site) -> None:
    manage("shell", data=site.data, script=PAGES.replace(f"seconds={AHEAD}", "seconds=0"))
    for _round in range(3):
        worker = site.start_worker()
        wait_for(lambda: site.database.run("SELECT COUNT(*) FROM django_q_ormq") != [(0,)] or site.jobs() > 0)
        site.kill(worker)

    site.start_worker()

    wait_for(lambda: site.live() == {"comes"})
