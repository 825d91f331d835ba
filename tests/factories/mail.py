"""Makes messages and deliveries for tests, through the service that the product uses."""

from collections.abc import Iterable
from typing import Any

from cms.mail.models import Delivery, Message
from cms.mail.services.messages import Recipient, message_enqueue


def make_message(recipients: Iterable[Recipient | str] = ("taro@example.jp",), **options: Any) -> Message:
    """Queue a message; a recipient may be given by its address alone."""
    settled = {"kind": "notice", "subject": "役員会の開催について", "text": "第1回役員会を開催します。\n", **options}
    rows = [Recipient(address=item) if isinstance(item, str) else item for item in recipients]
    return message_enqueue(recipients=rows, **settled)


def make_delivery(address: str = "taro@example.jp", **options: Any) -> Delivery:
    """Queue a message to one recipient and return its delivery."""
    return make_message([address], **options).deliveries.get()


def sample_addresses(count: int) -> list[str]:
    """Return addresses in as many domains as a tenth of them."""
    return [f"person-{number}@city-{number % max(count // 10, 1)}.example.jp" for number in range(count)]
