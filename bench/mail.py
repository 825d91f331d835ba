"""`python -m bench.mail`: the outbox beside raw smtplib, on one connection each, in turn, round after round.

Both send the same 10,000 personalised messages (text and HTML, Japanese, 7 KB) to the same sink on loopback. Raw
smtplib sends octets that were composed before the clock started: it is the limit. The outbox claims, composes, sends
and writes down each message on its own.
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

ROOT = Path(__file__).resolve().parents[1]


class Sink(threading.Thread):
    """Takes mail as fast as a socket gives it and keeps none: what is measured is the sender."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.taken = 0

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
                    while next(lines) != b".\r\n":
                        pass
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
        rounds = []
        for number in range(1, options.rounds + 1):
            print(f"Round {number} of {options.rounds} …", flush=True)  # noqa: T201  a command that prints
            rounds.append({way: _measure(way, options.messages, site) for way in ("raw", "outbox")})
        expected = 2 * options.rounds * options.messages
        if sink.taken != expected:
            raise SystemExit(f"The sink took {sink.taken} messages instead of {expected}.")
        _print_table(rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.mail", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, help="messages a round (10,000)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of both in turn (7)")
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


def _measure(way: str, messages: int, site: dict[str, str]) -> dict[str, float]:
    """Run one way in a process of its own, so that memory is its own."""
    line = _run([sys.executable, "-m", "bench.mail_sender", way, str(messages)], site).strip().splitlines()[-1]
    found: dict[str, float] = json.loads(line)
    return found


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def _print_table(rounds: list[dict[str, dict[str, float]]]) -> None:
    def middle(way: str, figure: str) -> float:
        return median(one[way][figure] for one in rounds)

    ratio = median(one["outbox"]["rate"] / one["raw"]["rate"] for one in rounds)
    for name, way in (("raw smtplib", "raw"), ("outbox", "outbox")):
        print(  # noqa: T201  a command that prints
            f"{name:12} {middle(way, 'rate'):8.0f} messages/s   {middle(way, 'queries'):5.2f} SQL a message   "
            f"{middle(way, 'megabytes'):6.0f} MB   {middle(way, 'octets'):6.0f} octets a message"
        )
    print(f"ratio        {ratio:8.2f}   (target at least 0.40)")  # noqa: T201  a command that prints


if __name__ == "__main__":
    main()
