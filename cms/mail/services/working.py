"""A worker that stays: slice after slice until it is told to stop."""

import logging
import time
from threading import Event

from django.db import OperationalError, connection

from cms.mail.enums import Urgency
from cms.mail.transports import transport_open

from .sending import SLICE_SECONDS, outbox_send

logger = logging.getLogger("cms.mail")

SHORTEST_REST = 2.0
LONGEST_REST = 60.0


def outbox_work(*, stop: Event, urgency: Urgency = Urgency.BULK, seconds: float = SLICE_SECONDS) -> None:
    """Send whatever comes due, over one connection, until `stop` is set.

    Where a slice ends early, mail server or database are away: rests longer before each next, a minute at most.
    """
    transport = transport_open()
    rest = SHORTEST_REST
    try:
        while not stop.is_set():
            started = time.monotonic()
            try:
                outbox_send(seconds=seconds, urgency=urgency, transport=transport, linger=True, stop=stop)
            except OperationalError:
                logger.exception("The database has been away for too long")
                connection.close()
            if time.monotonic() - started >= seconds - 1:
                rest = SHORTEST_REST
                continue
            logger.warning("Mail server or database can't be reached; trying again in %s seconds", rest)
            stop.wait(rest)
            rest = min(rest * 2, LONGEST_REST)
    finally:
        transport.close()
        connection.close()
