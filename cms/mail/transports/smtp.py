"""SMTP over one connection (RFC 5321), step by step: each step's failure means something else for the recipient."""

import datetime as dt
import logging
import smtplib
import ssl
from contextlib import suppress
from time import monotonic

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.mail.conf import message_id_domain, smtp_timeout
from cms.mail.mime import single_line

from .base import REPLY_CHARACTERS, Outcome, OutcomeKind
from .replies import has_status, says_nobody

logger = logging.getLogger("cms.mail")

CLOSING = 421
START_INPUT = 354
DOMAIN_TAKES_NO_MAIL = 556
_REFUSED_ADDRESS = frozenset({550, 551, 553})
_BROKEN = (OSError, smtplib.SMTPException)
PIECE = 64 * 1024
"""Octets between two looks at the clock; the system takes so many at once."""


class _Patience:
    """Until when a message may become complete, by two clocks: one can be set, the other sleeps with the machine."""

    def __init__(self, until: dt.datetime) -> None:
        self._until = until
        self._ends = monotonic() + self._left()

    def _left(self) -> float:
        return (self._until - timezone.now()).total_seconds()

    def seconds(self) -> float:
        """Return how long a step may take. Raises `TimeoutError` where none may begin any more."""
        left = min(self._left(), self._ends - monotonic())
        if left <= 0:
            raise TimeoutError("the time for this delivery was over before the message was complete")
        return min(left, smtp_timeout())


class SmtpTransport:
    """Delivers to the server of EMAIL_HOST. Connects when needed, and again after an idle connection was cut."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, *, key: str, sender: str, recipient: str, octets: bytes, until: dt.datetime) -> Outcome:
        """Hand over one message; `key` is not needed here."""
        reused = self._smtp is not None
        patience = _Patience(until)
        outcome = self._try(sender, recipient, octets, patience)
        if reused and self._smtp is None and outcome.kind is OutcomeKind.UNREACHED:
            # The server had hung up on an idle connection before it heard of this message.
            outcome = self._try(sender, recipient, octets, patience)
        return outcome

    @staticmethod
    def way_out() -> str:
        """Name the mail server: what is sent here reaches people."""
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT or smtplib.SMTP_PORT}"
        return _("Sent for real through %(server)s") % {"server": server}

    def close(self) -> None:
        """Say goodbye, if anybody is listening."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(*_BROKEN):
                smtp.quit()
            smtp.close()

    def _try(self, sender: str, recipient: str, octets: bytes, patience: _Patience) -> Outcome:
        try:
            smtp = self._session()
            # Both addresses are known to be well-formed; smtplib would parse them once more, for a tenth of its time.
            code, reply = smtp.docmd("MAIL", f"FROM:<{sender}>")
        except _BROKEN as error:
            self._drop()
            return _outcome(OutcomeKind.UNREACHED, *_said(error))
        if code == CLOSING:
            self._drop()
            return _outcome(OutcomeKind.UNREACHED, code, reply)
        if code >= 400:
            return self._answered(smtp, code, reply)
        return self._to_recipient(smtp, recipient, octets, patience)

    def _to_recipient(self, smtp: smtplib.SMTP, recipient: str, octets: bytes, patience: _Patience) -> Outcome:
        try:
            code, reply = smtp.docmd("RCPT", f"TO:<{recipient}>")
            if code >= 400:
                refusal = OutcomeKind.NOBODY if _is_nobody(code, reply) else OutcomeKind.REFUSED
                return self._answered(smtp, code, reply, refusal)
            code, reply = smtp.docmd("DATA")
            if code != START_INPUT:
                return self._answered(smtp, code, reply)
            # As long as the last octet has not been handed to the network, the server can't take the message.
            _send(smtp, _stuffed(octets), patience)
        except _BROKEN as error:
            self._drop()
            return _outcome(OutcomeKind.TRY_LATER, *_said(error))
        return self._reply_to_message(smtp)

    def _reply_to_message(self, smtp: smtplib.SMTP) -> Outcome:
        try:
            code, reply = smtp.getreply()
        except _BROKEN as error:
            self._drop()
            return _outcome(OutcomeKind.LOST, *_said(error))
        if code == -1:
            self._drop()
            return _outcome(OutcomeKind.LOST, None, reply)
        if 200 <= code < 300:
            return _outcome(OutcomeKind.ACCEPTED, code, reply)
        return self._answered(smtp, code, reply)

    def _answered(
        self, smtp: smtplib.SMTP, code: int, reply: bytes, refusal: OutcomeKind = OutcomeKind.REFUSED
    ) -> Outcome:
        """Turn a refusal into an outcome and make the session ready for the next message."""
        kind = refusal if code >= 500 else OutcomeKind.TRY_LATER
        try:
            if code == CLOSING or smtp.rset()[0] != 250:
                self._drop()
        except _BROKEN:
            self._drop()
        return _outcome(kind, code, reply)

    def _session(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = _connect()
        return self._smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _connect() -> smtplib.SMTP:
    # Named, because the library would ask the name service for this machine's name.
    name, timeout = message_id_domain(), smtp_timeout()
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT or 0
    # Reading the machine's certificates takes longer than a hundred deliveries.
    context = ssl.create_default_context() if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS else None
    smtp: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        smtp = smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=context)
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except _BROKEN:
        smtp.close()
        raise
    logger.info("Connected to the mail server %s:%s", settings.EMAIL_HOST, settings.EMAIL_PORT)
    return smtp


def _send(smtp: smtplib.SMTP, octets: bytes, patience: _Patience) -> None:
    """Write a message in pieces, looking at the clock before each: a worker that stood still doesn't complete it."""
    assert smtp.sock is not None  # noqa: S101  it has answered DATA
    for start in range(0, len(octets), PIECE):
        smtp.sock.settimeout(patience.seconds())
        smtp.send(octets[start : start + PIECE])
    smtp.sock.settimeout(smtp_timeout())


def _is_nobody(code: int, reply: bytes) -> bool:
    """Tell an address that nobody has from a refusal for another reason, in the answer to RCPT."""
    said = reply.decode("utf-8", "replace")
    return code == DOMAIN_TAKES_NO_MAIL or ((code in _REFUSED_ADDRESS or has_status(said)) and says_nobody(said))


def _stuffed(octets: bytes) -> bytes:
    """Double the dots that begin a line and end with the dot that ends the message (RFC 5321 section 4.5.2)."""
    if octets.startswith(b"."):
        octets = b"." + octets
    octets = octets.replace(b"\r\n.", b"\r\n..")
    return octets + (b".\r\n" if octets.endswith(b"\r\n") else b"\r\n.\r\n")


def _said(error: Exception) -> tuple[int | None, bytes | str]:
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error
    return None, f"{type(error).__name__}: {error}"


def _outcome(kind: OutcomeKind, code: int | None, reply: bytes | str) -> Outcome:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    # Without control characters: PostgreSQL takes no NUL, and the delivery could not be finished.
    return Outcome(kind, code if code and code > 0 else None, " ".join(single_line(text).split())[:REPLY_CHARACTERS])
