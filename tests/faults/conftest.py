"""Real processes on a real database, killed and starved on purpose. They take minutes: `make faults` runs them."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.demo_process import ROOT, environment
from tests.faults.server import FaultyServer

RECIPIENTS = 1238
"""As many as the association has members."""

QUEUE = """
from cms.mail.enums import Urgency
from cms.mail.services.messages import Recipient, message_enqueue
recipients = [Recipient(f"person-{{n}}@city-{{n % 97}}.example.jp", f"見本 {{n}}") for n in range({count})]
message_enqueue(
    kind="notice",
    subject="役員会の開催について（ご案内）",
    text="{{{{recipient_name}}}} 様\\n" + "本文です。\\n" * 80,
    html="<p>{{{{recipient_name}}}} 様</p>" + "<p>本文です。</p>" * 80,
    placeholders=["recipient_name"],
    recipients=recipients,
    urgency=Urgency({urgency}),
)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave them out of a plain run of the suite."""
    if os.environ.get("FAULTS"):
        return
    for item in items:
        if ROOT / "tests" / "faults" in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="takes minutes; `make faults` runs it"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, made once."""
    folder = tmp_path_factory.mktemp("template")
    manage("migrate", data=folder)
    return folder


def manage(*arguments: str, data: Path, script: str = "", **variables: str) -> str:
    """Run a management command to its end."""
    run = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        input=script,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


class Outbox:
    """A site's outbox and its workers, seen from outside."""

    def __init__(self, data: Path, server: FaultyServer) -> None:
        self.data, self.server = data, server
        self.workers: list[subprocess.Popen[bytes]] = []
        self.variables = {
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            # A short patience, so that a lease (ten times as long) runs out within the test.
            "MAIL_SMTP_TIMEOUT": "1",
        }

    def queue(self, count: int = RECIPIENTS, urgency: int = 20) -> None:
        """Write a message to so many recipients."""
        manage("shell", data=self.data, script=QUEUE.format(count=count, urgency=urgency), **self.variables)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker as an operator does."""
        with (self.data / f"worker-{len(self.workers)}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "mail_worker"],
                cwd=ROOT,
                env=environment(self.data, **self.variables),
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker as a power cut does."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def states(self) -> Counter[str]:
        """Count the deliveries by state."""
        with closing(sqlite3.connect(self.data / "kairan.sqlite3", timeout=30)) as database:
            return Counter(dict(database.execute("SELECT state, COUNT(*) FROM mail_delivery GROUP BY state")))

    def make_due(self) -> None:
        """Let the time pass that deferred deliveries wait for."""
        with closing(sqlite3.connect(self.data / "kairan.sqlite3", timeout=30)) as database, database:
            database.execute("UPDATE mail_delivery SET due_at = '2000-01-01 00:00:00' WHERE due_at IS NOT NULL")

    def wait_until_settled(self, seconds: float = 120) -> Counter[str]:
        """Wait until nothing waits and nothing is in a worker's hands."""
        until = time.monotonic() + seconds
        while True:
            states = self.states()
            if not states["queued"] + states["sending"] + states["deferred"]:
                return states
            assert time.monotonic() < until, (states, self.logs())
            time.sleep(0.2)

    def logs(self) -> str:
        """Return the ends of the workers' logs."""
        return "\n".join(path.read_text()[-2000:] for path in sorted(self.data.glob("worker-*.log")))


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    """A mail server that behaves until told otherwise."""
    server = FaultyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def outbox(template: Path, tmp_path: Path, server: FaultyServer) -> Iterator[Outbox]:
    """An empty outbox on a database of its own."""
    data = tmp_path / "data"
    shutil.copytree(template, data)
    outbox = Outbox(data, server)
    yield outbox
    for worker in outbox.workers:
        if worker.poll() is None:
            outbox.kill(worker)
