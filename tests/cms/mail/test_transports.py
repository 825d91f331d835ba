"""SMTP step by step on loopback: until when a message may become complete."""

import datetime as dt
import time

import pytest
from django.utils import timezone

from cms.mail.transports import Outcome, OutcomeKind, smtp

MINUTE = dt.timedelta(minutes=1)


def deliver(octets: bytes) -> Outcome:
    transport = smtp.SmtpTransport()
    try:
        return transport.deliver(
            key="", sender="jimu@example.jp", recipient="taro@example.jp", octets=octets, until=timezone.now() + MINUTE
        )
    finally:
        transport.close()


@pytest.mark.parametrize("clock", ["wall", "machine"])
def test_worker_that_stands_still_in_the_dialogue_completes_no_message(sink, monkeypatch, clock):
    """Whichever clock notices: one can be set, the other sleeps with the machine."""
    now, monotonic = timezone.now, time.monotonic

    def stand_still():
        if clock == "wall":
            monkeypatch.setattr(smtp.timezone, "now", lambda: now() + MINUTE)
        else:
            monkeypatch.setattr(smtp, "monotonic", lambda: monotonic() + MINUTE.total_seconds())

    sink.before_rcpt = stand_still

    assert deliver(b"Subject: x\r\n\r\nx\r\n").kind is OutcomeKind.TRY_LATER
    assert sink.taken == []


def test_message_of_many_pieces_arrives_whole(sink):
    octets = b"Subject: x\r\n\r\n" + b"".join(b".%d\r\n" % number for number in range(40_000))
    assert len(octets) > 3 * smtp.PIECE

    assert deliver(octets).kind is OutcomeKind.ACCEPTED
    assert [taken for _sender, _recipients, taken in sink.taken] == [octets]
