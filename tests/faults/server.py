"""A mail server on loopback that misbehaves as told and writes down, before it answers, what it took."""

from __future__ import annotations

import asyncio
import email
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass(frozen=True)
class Taken:
    """One message that the server accepted. Its log of these is what the tests count."""

    recipient: str
    message_id: str


class FaultyServer:
    """`rcpt` and `data` say what to answer to a recipient: a reply, or "hang", "cut", "take and cut"."""

    def __init__(self) -> None:
        self.log: list[Taken] = []
        self.rcpt: Callable[[str, int], str] = lambda recipient, tries: "250 OK"
        self.data: Callable[[str, int], str] = lambda recipient, tries: "250 OK"
        self.tries: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.pause = 0.0
        self.hanging = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.controller: Controller | None = None

    async def handle_RCPT(self, server: SMTP, session, envelope, address: str, options) -> str:  # noqa: N802  aiosmtpd's
        with self.lock:
            self.tries[address] += 1
        reply = self.rcpt(address, self.tries[address])
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return await self._behave(server, reply)

    async def handle_DATA(self, server: SMTP, session, envelope) -> str:  # noqa: N802  aiosmtpd's
        [recipient] = envelope.rcpt_tos
        if self.pause:
            await asyncio.sleep(self.pause)
        reply = self.data(recipient, self.tries[recipient])
        if reply.startswith(("250", "take")):
            message = email.message_from_bytes(envelope.content)
            with self.lock:
                self.log.append(Taken(recipient, message["Message-ID"]))
        return await self._behave(server, reply)

    async def _behave(self, server: SMTP, reply: str) -> str:
        if reply == "hang":
            self.hanging += 1
            await asyncio.sleep(120)
        if reply in {"cut", "take and cut", "hang"}:
            server.transport.abort()
            return "421 nobody hears this"
        return reply

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    def wait_for(self, count: int, seconds: float = 300) -> None:
        """Wait until so many messages were taken."""
        until = time.monotonic() + seconds
        while len(self.log) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.log)} of {count} after {seconds} seconds")
            time.sleep(0.005)
