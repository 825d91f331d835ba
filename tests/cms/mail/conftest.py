"""Transports that answer as they are told, and remember what they were handed."""

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller

from cms.mail.signals import mail_queued
from cms.mail.tasks import wake
from cms.mail.transports import Outcome, OutcomeKind


@dataclass
class RecordingTransport:
    """Accepts, or answers what `answer` says for a recipient."""

    answer: Callable[[str], Outcome] = lambda recipient: Outcome(OutcomeKind.ACCEPTED, 250, "OK")
    handed: list[tuple[str, str, bytes]] = field(default_factory=list)

    def deliver(self, *, key: str, sender: str, recipient: str, octets: bytes, until: dt.datetime) -> Outcome:
        self.handed.append((sender, recipient, octets))
        return self.answer(recipient)

    def close(self) -> None:
        pass

    @property
    def recipients(self) -> list[str]:
        return [recipient for _sender, recipient, _octets in self.handed]


@pytest.fixture(autouse=True)
def _nobody_is_woken() -> Iterator[None]:
    """Tests send by hand: a commit must not start a worker behind their back."""
    mail_queued.disconnect(wake)
    yield
    mail_queued.connect(wake)


@pytest.fixture
def transport() -> RecordingTransport:
    return RecordingTransport()


class SmtpSink:
    """Behaviour of a mail server on loopback, and what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.replies: dict[str, str] = {}
        self.data_reply = "250 taken"
        self.before_rcpt: Callable[[], None] = lambda: None
        self.lock = threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802  aiosmtpd's name
        self.before_rcpt()
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        if self.data_reply == "cut":
            with self.lock:
                self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
            server.transport.close()
            return "250 nobody hears this"
        if self.data_reply.startswith("250"):
            with self.lock:
                self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.data_reply


@pytest.fixture
def sink(settings) -> Iterator[SmtpSink]:
    """A mail server on loopback, to which the settings point."""
    handler = SmtpSink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.MAIL_TRANSPORT = "cms.mail.transports.smtp.SmtpTransport"
    settings.MAIL_SMTP_TIMEOUT = 2
    yield handler
    controller.stop()
