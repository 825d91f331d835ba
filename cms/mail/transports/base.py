"""What a transport does and what can come of it."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

REPLY_CHARACTERS = 500


class OutcomeKind(Enum):
    """How a try ended. The difference between the last two decides whether somebody gets a mail twice."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For good: a 5xx reply."""
    NOBODY = "nobody"
    """For good, and because of the recipient's address: nobody has it."""
    TRY_LATER = "try later"
    """A 4xx reply, or the connection broke before the message was complete."""
    UNREACHED = "unreached"
    """The mail server could not be reached at all, or let nobody in: says nothing about the delivery."""
    LOST = "lost"
    """The message was complete on the wire, and no reply came."""


@dataclass(frozen=True)
class Outcome:
    """What the mail server said, shortened to what is kept."""

    kind: OutcomeKind
    code: int | None = None
    reply: str = ""


class Transport(Protocol):
    """Takes one message after the other; holds one connection."""

    def deliver(self, *, key: str, sender: str, recipient: str, octets: bytes, until: dt.datetime) -> Outcome:
        """Hand over one message. Never raises for what a mail server or a network does.

        What is not complete on the wire at `until` must never become so: somebody else may send it then.
        """

    def close(self) -> None:
        """End the connection, if there is one."""

    @staticmethod
    def way_out() -> str:
        """Say to the administrators, in their language, where mail goes from here."""
