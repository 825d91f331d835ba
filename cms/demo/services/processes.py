"""Runs web server and worker as one: they start together, and when one ends, or a person stops them, both end."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from http.client import HTTPResponse
from pathlib import Path
from threading import Event
from typing import BinaryIO

from .errors import DemoError

WEB_WORKERS = 2
STARTS_WITHIN = 60.0
STOPS_WITHIN = 10.0
POLL = 0.1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Child:
    """One process in a group of its own, so that a Ctrl-C reaches it through us and its own children end with it."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._output: BinaryIO = self.log.open("ab")
        self._written_before = self.log.stat().st_size
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter, arguments of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process.poll() is None:
            self.process.terminate()

    def make_sure(self, until: float) -> None:
        """Wait, then end whatever is left of its group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(until - time.monotonic(), 0.1))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._output.close()

    def last_words(self) -> str:
        """Return the end of what it wrote since it started."""
        with self.log.open("rb") as file:
            file.seek(self._written_before)
            return "\n".join(file.read().decode(errors="replace").splitlines()[-12:])


def run_site(*, port: int, logs: Path, announce: Callable[[], None]) -> None:
    """Run until stopped by Ctrl-C or SIGTERM; raise DemoError where one of the two ends by itself."""
    stopping = Event()
    # The handlers only note the wish: an exception out of nowhere could lose a process that has just been started.
    previous = {number: signal.signal(number, lambda *_: stopping.set()) for number in STOP_SIGNALS}
    children: list[Child] = []
    try:
        children += [Child(name, command, logs, os.environ) for name, command in _commands(port).items()]
        if _is_served(port, children, stopping):
            announce()
        while not stopping.wait(POLL):
            _refuse_dead(children)
    finally:
        _end(children)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _commands(port: int) -> dict[str, list[str]]:
    web = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    web += ["--workers", str(WEB_WORKERS), "--preload", "--no-control-socket", "--graceful-timeout", "5"]
    return {"web": web, "worker": [sys.executable, "manage.py", "worker"]}


def _refuse_dead(children: Sequence[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise DemoError(
                f"The {child.name} process ended by itself (code {code}); {child.log}:\n{child.last_words()}"
            )


def _is_served(port: int, children: Sequence[Child], stopping: Event) -> bool:
    """Ask for a page until one comes; False where a person stops before. An error page is an answer too."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if stopping.wait(POLL):
            return False
        _refuse_dead(children)
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError), closing(_ask(port)):
            return True
    raise DemoError(f"The web server did not answer within {STARTS_WITHIN:.0f} seconds; see {children[0].log}.")


def _ask(port: int) -> HTTPResponse | urllib.error.HTTPError:
    try:
        answer: HTTPResponse = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=STARTS_WITHIN)
    except urllib.error.HTTPError as error_page:
        return error_page
    return answer


def _end(children: Sequence[Child]) -> None:
    """End all; a second Ctrl-C meanwhile is only noted again."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + STOPS_WITHIN
    for child in children:
        child.make_sure(until)
