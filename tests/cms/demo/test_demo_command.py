"""The demo as a person meets it: real processes, a directory of its own, Ctrl-C."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django_q.core_signing import TimestampSigner

from tests.demo_process import ROOT, RunningDemo, demo, environment, free_port, prepared_copy


@pytest.fixture(scope="module")
def prepared(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared_copy(shared_folder, tmp_path_factory.mktemp("demo") / "site")


def test_first_preparation_shows_its_progress(tmp_path: Path) -> None:
    run = demo(tmp_path / "site", "--prepare-only")

    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("[1/4]")
    assert run.stdout.replace("…", "").isascii()  # one language, that of the command line
    assert "100 %" in run.stdout
    assert "[4/4]" in run.stdout
    assert run.stderr == ""


@pytest.mark.parametrize("arguments", [[], ["--reset"]])
def test_jobs_of_the_first_preparation_open_to_the_worker(tmp_path: Path, arguments: list[str]) -> None:
    data = tmp_path / "site"

    run = demo(data, "--prepare-only", *arguments)

    assert run.returncode == 0, run.stderr
    key = (data / "secret_key").read_text()
    with closing(sqlite3.connect(data / "kairan.sqlite3")) as database:
        jobs = [payload for (payload,) in database.execute("SELECT payload FROM django_q_ormq")]
    assert jobs
    assert all(TimestampSigner(key=key, salt="kairan").unsign(payload) for payload in jobs)


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["--prepare-only"], {"CMS_PLUGINS": "no_such_plugin"}, "names the plugin 'no_such_plugin'"),
        (["--prepare-only"], {"DATABASE_URL": "oracle://x"}, "DATABASE_URL is 'oracle://x'"),
        (["--prepare-only"], {"BASE_URL": "here"}, "BASE_URL is 'here'"),
        (["--port", "70000"], {}, "Port 70000 cannot be used"),
        (["--port", "http"], {}, "Port “http” is no number"),
        (
            ["--prepare-only"],
            {
                "DJANGO_SETTINGS_MODULE": "cms.settings.production",
                "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop",
                "BASE_URL": "https://www.example.jp",
                "DATABASE_URL": "sqlite:////nowhere/kairan.sqlite3",
                "CACHE_URL": "dbcache://cache",
                "EMAIL_URL": "smtp://mail",
            },
            "does not run with production settings",
        ),
    ],
)
def test_mistake_is_one_sentence_and_touches_nothing(tmp_path: Path, arguments, variables, sentence) -> None:
    run = demo(tmp_path / "site", *arguments, **variables)

    assert run.returncode == 1
    assert sentence in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "site").exists()


def test_port_in_use_touches_nothing(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = demo(tmp_path / "site", "--port", str(other.getsockname()[1]))

    assert run.returncode == 1
    assert "cannot be used" in run.stderr
    assert not (tmp_path / "site").exists()


def test_second_preparation_changes_nothing(prepared: Path) -> None:
    before = (prepared / "kairan.sqlite3").stat().st_mtime_ns

    run = demo(prepared, "--prepare-only")

    assert (run.returncode, run.stdout) == (0, "Nothing changed since the last start.\n")
    assert (prepared / "kairan.sqlite3").stat().st_mtime_ns == before


@pytest.fixture
def running(prepared: Path) -> Iterator[RunningDemo]:
    site = RunningDemo(prepared)
    yield site
    if site.process.poll() is None:
        site.stop()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_web_server_and_worker_and_their_children(running: RunningDemo, number: int) -> None:
    running.wait_until_up()
    children = running.descendants()
    assert len(children) >= 4  # the web server with two of its own, and the worker
    assert urllib.request.urlopen(f"http://127.0.0.1:{running.port}/robots.txt").status == 200

    running.process.send_signal(number)

    assert running.end() == 0
    assert running.output.endswith("Stopped.\n")
    assert [pid for pid in children if is_alive(pid)] == []


def test_dead_worker_ends_the_whole_with_a_message(running: RunningDemo, prepared: Path) -> None:
    running.wait_until_up()
    children = running.descendants()
    worker = next(pid for pid in children if b"manage.py\0worker" in Path(f"/proc/{pid}/cmdline").read_bytes())

    os.kill(worker, signal.SIGKILL)

    assert running.end() == 1
    assert "The worker process ended by itself" in running.output
    deadline = time.monotonic() + 10
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in children if is_alive(pid)] == []


QUEUE = """
from cms.mail.services.messages import Recipient, message_enqueue
message_enqueue(kind="other", subject="a", text="b", recipients=[Recipient("taro@example.jp")])
"""


class Taken:
    """A mail server's memory."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd's
        self.recipients += envelope.rcpt_tos
        return "250 taken"


@pytest.mark.parametrize("for_real", [True, False])
def test_mail_of_the_demo_leaves_the_machine_only_where_a_mail_server_is_named(prepared: Path, for_real) -> None:
    server = Taken()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    variables = {"EMAIL_URL": f"smtp://127.0.0.1:{controller.port}"} if for_real else {}
    site = RunningDemo(prepared, **variables)
    try:
        site.wait_until_up()
        subprocess.run(
            [sys.executable, "manage.py", "shell"],
            cwd=ROOT, env=environment(prepared, **variables), input=QUEUE, text=True, check=True, capture_output=True,
        )  # fmt: skip
        wait_until(lambda: server.recipients or kept_in_the_mailbox(prepared))
    finally:
        site.stop()
        controller.stop()

    assert server.recipients == (["taro@example.jp"] if for_real else [])
    assert kept_in_the_mailbox(prepared) == (0 if for_real else 1)
    said = f"Sent for real through 127.0.0.1:{controller.port}" if for_real else "Demo: nothing is sent out"
    assert said in site.output


def kept_in_the_mailbox(prepared: Path) -> int:
    with closing(sqlite3.connect(prepared / "kairan.sqlite3", timeout=30)) as database:
        return database.execute("SELECT COUNT(*) FROM mail_mailboxitem").fetchone()[0]


def wait_until(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)


def test_second_demo_in_one_directory_is_refused(running: RunningDemo, prepared: Path) -> None:
    running.wait_until_up()

    run = demo(prepared, "--port", str(free_port()))

    assert run.returncode == 1
    assert "already running" in run.stderr
