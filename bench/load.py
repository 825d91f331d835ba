"""A small load generator: a few connections that ask for one page as fast as it comes, for a bounded time."""

import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles

TIMEOUT = 30.0


@dataclass
class Round:
    """What one page did in one round."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Pages a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


def run_round(port: int, path: str, headers: dict[str, str], *, seconds: float, connections: int) -> Round:
    """Ask for `path` over `connections` connections for `seconds`; raises where an answer is not 200."""
    started = time.perf_counter()
    with ThreadPoolExecutor(connections) as threads:
        futures = [threads.submit(_ask, port, path, headers, started + seconds) for _ in range(connections)]
        latencies = [latency for future in futures for latency in future.result()]
    return Round(time.perf_counter() - started, latencies)


def _ask(port: int, path: str, headers: dict[str, str], until: float) -> list[float]:
    """Ask again and again. Bare sockets, since what the generator costs is taken from the servers on a small machine.

    A synchronous worker of gunicorn closes after each answer, which ends the reading.
    """
    lines = [
        f"GET {path} HTTP/1.1",
        *(f"{name}: {text}" for name, text in headers.items()),
        "Connection: close",
        "",
        "",
    ]
    request = "\r\n".join(lines).encode()
    latencies = []
    while (begun := time.perf_counter()) < until:
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
            connection.sendall(request)
            status = connection.recv(65536)[:12]
            while connection.recv(65536):
                pass
        if status != b"HTTP/1.1 200":
            raise RuntimeError(f"{path} answered {status.decode(errors='replace')}.")
        latencies.append(time.perf_counter() - begun)
    return latencies


def percentile(latencies: Sequence[float], percent: int) -> float:
    """Return a percentile in milliseconds."""
    return 1000 * (quantiles(latencies, n=100)[percent - 1] if len(latencies) > 1 else latencies[0])
