"""Unsubscribing from a list with one click (RFC 8058), by a link that is bound to its recipient."""

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cms.mail.models import Delivery, OptOut

_SALT = "cms.mail.unsubscribe"


def unsubscribe_url(key: uuid.UUID) -> str:
    """Return the absolute address that unsubscribes this delivery's recipient from its list, by POST."""
    return f"{settings.BASE_URL}{reverse('mail:unsubscribe', args=[unsubscribe_token(key)])}"


def unsubscribe_token(key: uuid.UUID) -> str:
    """Return the delivery's key with a signature that nobody else can make."""
    return signing.Signer(salt=_SALT, sep=".").sign(key.hex)


def unsubscribe_delivery(*, token: str) -> Delivery:
    """Return the delivery that a token speaks of. Raises `BadSignature` or `Delivery.DoesNotExist`."""
    key = signing.Signer(salt=_SALT, sep=".").unsign(token)
    return Delivery.objects.select_related("message").get(key=key, message__one_click=True)


def opt_out_record(*, delivery: Delivery) -> OptOut:
    """Mail nothing more from this list to this address; doing it twice changes nothing."""
    opt_out, _created = OptOut.objects.get_or_create(list_id=delivery.message.list_id, address=delivery.address_key)
    return opt_out
