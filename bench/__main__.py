"""`python -m bench`: prepares a site of its own, then measures all pages in turn, round after round."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .load import Round, percentile, run_round
from .queries import NOT_CACHED
from .servers import ROOT, Server, running

CONNECTIONS = 8
LOCATION = re.compile(r"<loc>https?://[^/]+(/[^<]*)</loc>")


@dataclass
class Subject:
    """One page in one way of asking for it."""

    name: str
    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    queries: int = 0
    rounds: list[Round] = field(default_factory=list)

    @property
    def latencies(self) -> list[float]:
        """All latencies of all rounds."""
        return [latency for one in self.rounds for latency in one.latencies]


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kairan-bench-") as folder, ExitStack() as stack:
        site = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "KAIRAN_DATA": folder}
        _say("Preparing a site …")
        _manage(["demo", "--prepare-only"], site)
        bare = stack.enter_context(running("bench.bare:application", {}))
        caches = {"database": site, **stack.enter_context(_redis(site))}
        servers = {
            name: stack.enter_context(running("cms.wsgi:application", environment))
            for name, environment in caches.items()
        }
        subjects = _subjects(bare, servers, site)
        for number in range(1, options.rounds + 1):
            _say(f"Round {number} of {options.rounds} …")
            for subject in subjects:
                _measure(subject, options.seconds)
        _print_table(subjects, {"bare": bare, **servers})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a round of one page (5)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of all pages in turn (7)")
    return parser.parse_args()


def _subjects(bare: Server, servers: Mapping[str, Server], site: Mapping[str, str]) -> list[Subject]:
    """Return the bare view, and each page cached in each cache, and not cached."""
    pages = _pages(servers["database"].port)
    queries = _queries(list(pages.values()), site)
    subjects = [Subject("bare Django view", bare, "/")]
    for name, path in pages.items():
        fresh, cached = queries[path]
        for cache, server in servers.items():
            # In Redis a cached page costs no query at all.
            asked = cached if cache == "database" else 0
            subjects.append(Subject(f"{name}, cached in {cache}", server, path, queries=asked))
        subjects.append(Subject(f"{name}, not cached", servers["database"], path, NOT_CACHED, fresh))
    return subjects


def _pages(port: int) -> dict[str, str]:
    """Find a page of each kind in the sitemap, so that a renamed page breaks nothing here."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sitemap.xml", timeout=60) as sitemap:
        paths = LOCATION.findall(sitemap.read().decode())
    below = {"meeting": "/meetings/", "seminar": "/seminars/"}
    found = {
        name: next((path for path in paths if path.startswith(prefix) and path != prefix), None)
        for name, prefix in below.items()
    }
    return {"home": "/", **{name: path for name, path in found.items() if path}}


def _queries(paths: list[str], site: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return the queries of each page, not cached and cached."""
    lines = _python(["-m", "bench.queries", *paths], site).stdout.splitlines()
    rows = (line.split("\t") for line in lines if "\t" in line)
    return {path: (int(fresh), int(cached)) for path, fresh, cached in rows}


def _measure(subject: Subject, seconds: float) -> None:
    headers = {"Host": "localhost", **subject.headers}
    subject.rounds.append(
        run_round(subject.server.port, subject.path, headers, seconds=seconds, connections=CONNECTIONS)
    )


def _print_table(subjects: list[Subject], servers: Mapping[str, Server]) -> None:
    yardstick = [one.per_second for one in subjects[0].rounds]
    _say(f"\n{'':34}{'ratio':>8}{'pages/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'SQL':>5}")
    for subject in subjects:
        # Each round against the bare view of the same round, since the machine drifts.
        ratio = median(one.per_second / bare for one, bare in zip(subject.rounds, yardstick, strict=True))
        speed = median(one.per_second for one in subject.rounds)
        p50, p95 = (percentile(subject.latencies, percent) for percent in (50, 95))
        _say(f"{subject.name:34}{ratio:8.3f}{speed:10.1f}{p50:9.1f}{p95:9.1f}{subject.queries:5}")
    memory = ", ".join(f"{name} {server.memory():.0f} MB" for name, server in servers.items())
    _say(f"\nMemory of the two workers together: {memory}. {CONNECTIONS} connections.")


@contextmanager
def _redis(site: Mapping[str, str]) -> Iterator[dict[str, Mapping[str, str]]]:
    """Measure with Redis too, which is what production uses, where this machine has it."""
    binary = shutil.which("redis-server")
    if binary is None:
        _say("Redis was not found; pages are cached in the database only.")
        yield {}
        return
    socket = Path(site["KAIRAN_DATA"]) / "redis.sock"
    command = [binary, "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  arguments of our own
    try:
        yield {"Redis": {**site, "CACHE_URL": f"rediscache://{socket}"}}
    finally:
        server.terminate()
        server.wait(timeout=10)


def _manage(arguments: list[str], environment: Mapping[str, str]) -> None:
    _python(["manage.py", *arguments], environment)


def _python(arguments: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    run = subprocess.run(  # noqa: S603  our own interpreter, arguments of our own
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.exit(run.stderr or run.stdout)
    return run


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  this is its output


if __name__ == "__main__":
    main()
