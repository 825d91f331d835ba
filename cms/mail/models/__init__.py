"""Messages, their deliveries, suspended addresses, printed codes, and the mailbox of the demo."""

from .address import DeclinedKind, DomainPace, OptOut, Suppression
from .code import Code, CodeFailure
from .delivery import Delivery, DeliveryEvent
from .mailbox import MailboxItem
from .message import Message
from .notice import Notice

__all__ = [
    "Code",
    "CodeFailure",
    "DeclinedKind",
    "Delivery",
    "DeliveryEvent",
    "DomainPace",
    "MailboxItem",
    "Message",
    "Notice",
    "OptOut",
    "Suppression",
]
