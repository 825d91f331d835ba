"""Real processes on a real database, killed and starved on purpose. They take minutes: `make faults` runs them."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg
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


COUNTED: list[str] = []
"""What each test counted in the mail server's log, printed at the end."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the counts: they are what the run is for."""
    for line in COUNTED:
        terminalreporter.write_line(line)


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


POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


class Database(Protocol):
    """The site's database, looked into beside its workers."""

    variables: dict[str, str]

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement, commit, and return its rows."""


class Sqlite:
    """The file in the site's folder."""

    def __init__(self, data: Path) -> None:
        self.path = data / "kairan.sqlite3"
        self.variables: dict[str, str] = {}

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, timeout=60)) as database, database:
            return database.execute(statement).fetchall()


class Postgres:
    """A database of its own on the server."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.url = urlsplit(POSTGRES_URL)._replace(path=f"/{name}").geturl()
        self.variables = {"DATABASE_URL": self.url}

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template1") -> None:
        on_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def drop(self) -> None:
        on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def cut(self) -> None:
        """End all connections to it, as a restart does."""
        on_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")  # noqa: S608  our own name


def on_server(statement: str) -> None:
    with psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_template(template: Path) -> Iterator[str]:
    """The same on PostgreSQL."""
    database = Postgres(f"kairan_faults_{os.getpid()}")
    try:
        database.create()
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL cannot be reached ({str(error).strip().splitlines()[0]})")
    manage("migrate", data=template, **database.variables)
    yield database.name
    database.drop()


class Outbox:
    """A site's outbox and its workers, seen from outside."""

    def __init__(self, data: Path, server: FaultyServer, database: Database) -> None:
        self.data, self.server, self.database = data, server, database
        self.workers: list[subprocess.Popen[bytes]] = []
        self.variables = {
            **database.variables,
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            # Long enough for a busy machine: a reply that is only late must not look like one that was lost.
            "MAIL_SMTP_TIMEOUT": "20",
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
        """End a worker as a power cut does, and let the time pass for which its lease holds."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        claimed = f"state = 'sending' AND worker LIKE '%:{worker.pid}:%'"
        self.database.run(f"UPDATE mail_delivery SET leased_until = '2000-01-01 00:00:00' WHERE {claimed}")  # noqa: S608  ours

    def states(self) -> Counter[str]:
        """Count the deliveries by state."""
        return Counter(dict(self.database.run("SELECT state, COUNT(*) FROM mail_delivery GROUP BY state")))

    def make_due(self) -> None:
        """Let the time pass that deferred deliveries wait for."""
        self.database.run("UPDATE mail_delivery SET due_at = '2000-01-01 00:00:00' WHERE due_at IS NOT NULL")

    def wait_until_settled(self, seconds: float = 300) -> Counter[str]:
        """Wait until nothing waits and nothing is in a worker's hands."""
        until = time.monotonic() + seconds
        while True:
            states = self.states()
            if not states["queued"] + states["sending"] + states["deferred"]:
                return states
            assert time.monotonic() < until, (states, self.logs())
            if states["deferred"]:
                self.make_due()
            time.sleep(0.2)

    def wait_until(self, condition: Callable[[Counter[str]], object], seconds: float = 120) -> None:
        """Wait until something holds, however busy the machine is."""
        until = time.monotonic() + seconds
        while not condition(self.states()):
            assert time.monotonic() < until, (self.states(), self.logs())
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
def outbox(request: pytest.FixtureRequest, template: Path, tmp_path: Path, server: FaultyServer) -> Iterator[Outbox]:
    """An empty outbox on a database of its own: a file, or on PostgreSQL where the test says so."""
    data = tmp_path / "data"
    shutil.copytree(template, data)
    database: Sqlite | Postgres = Sqlite(data)
    if getattr(request, "param", "sqlite") == "postgres":
        copied = request.getfixturevalue("postgres_template")
        database = Postgres(f"{copied}_copy")
        database.create(template=copied)
    outbox = Outbox(data, server, database)
    yield outbox
    for worker in outbox.workers:
        if worker.poll() is None:
            outbox.kill(worker)
    if isinstance(database, Postgres):
        database.drop()
