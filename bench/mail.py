"""`python -m bench.mail`: the outbox beside raw smtplib, on one connection each, in turn, round after round.

Both send the same 10,000 personalised messages (text and HTML, Japanese, 7 KB) to the same sink on loopback. Raw
smtplib sends octets that were composed before the clock started: it is the limit. The outbox claims, composes, sends
and writes down each message on its own. Beside them django-newsletter, installed into an environment of its own, sends
a tenth of that: it takes as long.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

PEER = "django-newsletter==1.2.1"
PEER_NEEDS = "sorl-thumbnail==13.4.0"
"""Imported by it, but not named among its requirements."""
PEER_SHARE = 10
ROOT = Path(__file__).resolve().parents[1]


class Sink(threading.Thread):
    """Takes mail as fast as a socket gives it and keeps none: what is measured is the sender."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.taken = 0
        self.octets = 0

    def run(self) -> None:
        """Serve one connection after the other."""
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb", buffering=1 << 16) as lines:
            connection.sendall(b"220 sink\r\n")
            for line in lines:
                command = line[:4].upper().strip()
                if command == b"DATA":
                    connection.sendall(b"354 go on\r\n")
                    while (text := next(lines)) != b".\r\n":
                        self.octets += len(text)
                    self.taken += 1
                connection.sendall(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")
                if command == b"QUIT":
                    return


def main() -> None:
    """Measure in turn and print medians."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kairan-bench-") as folder, _sink() as sink:
        site = _environment(folder, sink.port)
        _run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], site)
        peer = None if options.no_peer else _install_peer(folder)
        rounds = []
        for number in range(1, options.rounds + 1):
            print(f"Round {number} of {options.rounds} …", flush=True)  # noqa: T201  a command that prints
            rounds.append({way: _measure(way, options.messages, site, sink) for way in ("raw", "outbox")})
            if peer:
                rounds[-1]["peer"] = _measure_peer(peer, options.messages // PEER_SHARE, sink)
        expected = options.rounds * (2 * options.messages + (options.messages // PEER_SHARE if peer else 0))
        if sink.taken != expected:
            raise SystemExit(f"The sink took {sink.taken} messages instead of {expected}.")
        _print_table(rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.mail", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, help="messages a round (10,000)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of both in turn (7)")
    parser.add_argument("--no-peer", action="store_true", help="leave django-newsletter out: nothing is installed")
    return parser.parse_args()


@contextmanager
def _sink() -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    yield sink
    sink.listener.close()


def _environment(folder: str, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "KAIRAN_DATA": folder,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }


def _measure(way: str, messages: int, site: dict[str, str], sink: Sink) -> dict[str, float]:
    """Run one way in a process of its own, so that memory is its own."""
    return _figures([sys.executable, "-m", "bench.mail_sender", way, str(messages)], site, messages, sink)


def _install_peer(folder: str) -> str | None:
    """Make the peer's environment; return its interpreter, None where no package index can be reached."""
    python = f"{folder}/peer/bin/python"
    subprocess.run([sys.executable, "-m", "venv", f"{folder}/peer"], check=True)  # noqa: S603  ours
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER, PEER_NEEDS]
    if subprocess.run(install, capture_output=True, check=False).returncode:  # noqa: S603  ours
        print(f"{PEER} can't be installed here, and is left out.")  # noqa: T201  a command that prints
        return None
    return python


def _measure_peer(python: str, messages: int, sink: Sink) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="kairan-bench-peer-") as folder:
        environment = {"PATH": os.environ["PATH"]}
        command = [python, "bench/mail_peer.py", str(messages), str(sink.port), folder]
        return _figures(command, environment, messages, sink)


def _figures(command: list[str], environment: dict[str, str], messages: int, sink: Sink) -> dict[str, float]:
    """Return what a sender prints, and how many octets of a message reached the sink."""
    octets = sink.octets
    found: dict[str, float] = json.loads(_run(command, environment).strip().splitlines()[-1])
    return {**found, "octets": (sink.octets - octets) / messages}


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def _print_table(rounds: list[dict[str, dict[str, float]]]) -> None:
    def middle(way: str, figure: str) -> float:
        return median(one[way][figure] for one in rounds)

    ratio = median(one["outbox"]["rate"] / one["raw"]["rate"] for one in rounds)
    ways = [("raw smtplib", "raw"), ("outbox", "outbox"), ("newsletter", "peer")]
    for name, way in [pair for pair in ways if pair[1] in rounds[0]]:
        print(  # noqa: T201  a command that prints
            f"{name:12} {middle(way, 'rate'):8.0f} messages/s   {middle(way, 'queries'):5.2f} SQL a message   "
            f"{middle(way, 'megabytes'):6.0f} MB   {middle(way, 'octets'):6.0f} octets a message"
        )
    print(f"ratio        {ratio:8.2f}   (target at least 0.40)")  # noqa: T201  a command that prints
    if "peer" in rounds[0]:
        peer = median(one["peer"]["rate"] / one["raw"]["rate"] for one in rounds)
        print(f"{PEER}: {peer:.3f} of raw smtplib")  # noqa: T201  a command that prints


if __name__ == "__main__":
    main()
