"""From the rows to what is sent: the shared content of a message, its envelope sender."""

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings

from cms.mail.mime import Content
from cms.mail.models import Message
from cms.mail.validators import ascii_address

_TOKYO = ZoneInfo("Asia/Tokyo")


def content_of(message: Message) -> Content:
    """Return what all recipients share. The Date is fixed, so that a second try is the same message."""
    return Content(
        sender=(message.sender_name, ascii_address(message.sender)),
        subject=message.subject,
        text=message.text,
        html=message.html,
        entity=bytes(message.entity),
        date=message.due_at.astimezone(_TOKYO),
        reply_to=(("", ascii_address(message.reply_to)),) if message.reply_to else (),
        to=tuple((name, address) for name, address in message.visible_to),
        cc=tuple((name, address) for name, address in message.visible_cc),
        list_id=message.list_id,
        list_name=message.list_name,
        headers=message.headers,
        placeholders=frozenset(message.placeholders),
    )


def return_path(message: Message, key: uuid.UUID) -> str:
    """Return where bounces go. With `{key}` in MAIL_RETURN_PATH each delivery has an address of its own, so that a
    report without the original's headers can be told apart, too."""
    pattern = str(settings.MAIL_RETURN_PATH)
    return pattern.replace("{key}", key.hex) if pattern else ascii_address(message.sender)
