"""Messages, their deliveries, suspended addresses, printed codes, and the mailbox of the demo."""

from .address import DomainPace, OptOut, Suppression
from .code import Code, CodeFailure
from .delivery import Delivery, DeliveryEvent
from .mailbox import MailboxItem
from .message import Message

__all__ = [
    "Code",
    "CodeFailure",
    "Delivery",
    "DeliveryEvent",
    "DomainPace",
    "MailboxItem",
    "Message",
    "OptOut",
    "Suppression",
]
