"""The demo as a person meets it: real processes, a directory of its own, Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def environment(data: Path, **variables: str) -> dict[str, str]:
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**system, "KAIRAN_DATA": str(data), "PYTHONUNBUFFERED": "1", **variables}


def demo(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "site"
    run = demo(data, "--prepare-only")
    assert run.returncode == 0, run.stderr
    assert "100 %" in run.stdout
    return data


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["--prepare-only"], {"CMS_PLUGINS": "no_such_plugin"}, "names the plugin 'no_such_plugin'"),
        (["--prepare-only"], {"DATABASE_URL": "oracle://x"}, "DATABASE_URL is 'oracle://x'"),
        (["--prepare-only"], {"BASE_URL": "here"}, "BASE_URL is 'here'"),
        (["--port", "70000"], {}, "Port 70000 cannot be used"),
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


class RunningDemo:
    """A demo in a process of its own, as a terminal starts it."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=ROOT,
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""

    def wait_until_up(self) -> None:
        for line in self.process.stdout:
            self.output += line
            if "Ctrl-C" in line:
                return
        pytest.fail(self.output)

    def children(self) -> list[int]:
        listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)  # noqa: S607  found by PATH on every system
        pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
        found = [self.process.pid]
        for parent in found:
            found += [pid for pid, ppid in pairs if ppid == parent]
        return found[1:]

    def end(self) -> int:
        rest, _ = self.process.communicate(timeout=60)
        self.output += rest
        return self.process.returncode


@pytest.fixture
def running(prepared: Path) -> Iterator[RunningDemo]:
    demo_process = RunningDemo(prepared)
    yield demo_process
    if demo_process.process.poll() is None:
        demo_process.process.terminate()
        demo_process.end()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_web_server_and_worker_and_their_children(running: RunningDemo, number: int) -> None:
    running.wait_until_up()
    children = running.children()
    assert len(children) >= 4  # the web server with two of its own, and the worker
    assert urllib.request.urlopen(f"http://127.0.0.1:{running.port}/robots.txt").status == 200

    running.process.send_signal(number)

    assert running.end() == 0
    assert running.output.endswith("Stopped.\n")
    assert [pid for pid in children if is_alive(pid)] == []


def test_dead_worker_ends_the_whole_with_a_message(running: RunningDemo, prepared: Path) -> None:
    running.wait_until_up()
    children = running.children()
    worker = next(pid for pid in children if b"manage.py\0worker" in Path(f"/proc/{pid}/cmdline").read_bytes())

    os.kill(worker, signal.SIGKILL)

    assert running.end() == 1
    assert "The worker process ended by itself" in running.output
    deadline = time.monotonic() + 10
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in children if is_alive(pid)] == []


def test_second_demo_in_one_directory_is_refused(running: RunningDemo, prepared: Path) -> None:
    running.wait_until_up()

    run = demo(prepared, "--port", str(free_port()))

    assert run.returncode == 1
    assert "already running" in run.stderr
