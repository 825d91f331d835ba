"""The servers under measurement: gunicorn with two synchronous workers each, as the demo runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 60.0


class Server:
    """One gunicorn."""

    def __init__(self, application: str, environment: Mapping[str, str]) -> None:
        self.port = _free_port()
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter, arguments of our own
            [*command, "--no-control-socket", "--log-level", "warning"],
            cwd=ROOT,
            env={**os.environ, **environment},
            start_new_session=True,
        )

    def wait_until_up(self, path: str) -> None:
        """Ask until it answers."""
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=STARTS_WITHIN).close()
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"{path} answered {error.code}.") from error
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("A server did not start.")

    def memory(self) -> float:
        """Return what its workers occupy together, in MB; 0 where the system does not tell."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if not children.exists():
            return 0.0
        return sum(_resident(int(pid)) for pid in children.read_text().split())

    def stop(self) -> None:
        """End it and its workers."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


@contextmanager
def running(application: str, environment: Mapping[str, str], *, first: str = "/") -> Iterator[Server]:
    """Run a server for as long as it is measured."""
    server = Server(application, environment)
    try:
        server.wait_until_up(first)
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _resident(pid: int) -> float:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1_000_000
