"""Hands messages to one of Django's own backends, such as those that print or write files."""

import datetime as dt
import email
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from .base import Outcome, OutcomeKind


class _Composed(EmailMessage):
    """A message that has been composed already."""

    def __init__(self, octets: bytes, sender: str, recipient: str) -> None:
        super().__init__(from_email=sender, to=[recipient])
        self._octets = octets

    def message(self, **options: Any) -> Any:
        """Return it as the standard library's object, whose octets are ours again."""
        return email.message_from_bytes(self._octets)


class BackendTransport:
    """Uses the backend that MAIL_TRANSPORT_BACKEND names. For machines where mail is looked at, not sent."""

    def deliver(self, *, key: str, sender: str, recipient: str, octets: bytes, until: dt.datetime) -> Outcome:
        """Pass the message on; what such a backend raises is a full disk or a wrong setting."""
        backend = get_connection(settings.MAIL_TRANSPORT_BACKEND)
        try:
            backend.send_messages([_Composed(octets, sender, recipient)])
        except OSError as error:
            return Outcome(OutcomeKind.UNREACHED, None, str(error))
        return Outcome(OutcomeKind.ACCEPTED, None, settings.MAIL_TRANSPORT_BACKEND)

    @staticmethod
    def way_out() -> str:
        """Name the backend, which is a contributor's."""
        return _("Handed to %(backend)s") % {"backend": settings.MAIL_TRANSPORT_BACKEND}

    def close(self) -> None:
        """Nothing is open."""
