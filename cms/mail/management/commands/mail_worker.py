"""`manage.py mail_worker`: sends the outbox in the foreground."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.mail.enums import Urgency
from cms.mail.services.sending import outbox_send
from cms.mail.services.working import outbox_work


class Command(BaseCommand):
    """Runs one connection for everything and one for urgent mail alone: a code never waits for a broadcast.

    Any number may run, on any number of machines. SIGTERM and Ctrl-C end it after the message in hand.
    """

    help = "Send what is due in the outbox until stopped. Any number of workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer a single round, for cron."""
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Work until a signal arrives."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_arguments: stop.set())
        if once:
            tally = outbox_send(stop=stop, seconds=3600)
            self.stdout.write(", ".join(f"{state.label}: {count}" for state, count in tally.items()) or "0")
            return
        urgent = threading.Thread(target=outbox_work, kwargs={"stop": stop, "urgency": Urgency.URGENT}, daemon=True)
        urgent.start()
        try:
            outbox_work(stop=stop)
        finally:
            stop.set()
            urgent.join(timeout=60)
