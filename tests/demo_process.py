"""The sample site in processes of its own, for tests that need what a person meets."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UP = "Press Ctrl-C"


def environment(data: Path, **variables: str) -> dict[str, str]:
    """Return what a fresh terminal has, and nothing of this suite's settings."""
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**system, "KAIRAN_DATA": str(data), "PYTHONUNBUFFERED": "1", **variables}


def demo(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py demo` to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def prepared_copy(kept_in: Path, data: Path) -> Path:
    """Copy a prepared site to `data`; the first process that asks prepares it, the others wait."""
    template = kept_in / "prepared-demo"
    with (kept_in / "prepared-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (template / "prepared").exists():
            run = demo(template, "--prepare-only")
            if run.returncode:
                raise RuntimeError(run.stdout + run.stderr)
    shutil.copytree(template, data)
    return data


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningDemo:
    """A demo as a terminal starts it."""

    def __init__(self, data: Path, *, root: Path = ROOT, **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=root,
            env=environment(data, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""

    def wait_until_up(self) -> None:
        """Read what it says until it says that it is up."""
        for line in self.process.stdout:
            self.output += line
            if UP in line:
                return
        raise RuntimeError(self.output)

    def shell(self, code: str) -> str:
        """Run Python on the site, beside its processes, and return what it prints."""
        run = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT,
            env=environment(self.data, BASE_URL=self.url),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if run.returncode:
            raise RuntimeError(run.stderr)
        return run.stdout

    def descendants(self) -> list[int]:
        """Return its processes and theirs."""
        listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)  # noqa: S607  found by PATH everywhere
        pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
        found = [self.process.pid]
        for parent in found:
            found += [pid for pid, ppid in pairs if ppid == parent]
        return found[1:]

    def end(self) -> int:
        """Wait for its end, and return its exit code."""
        rest, _ = self.process.communicate(timeout=60)
        self.output += rest
        return self.process.returncode

    def stop(self) -> int | None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.end()
