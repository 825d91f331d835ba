"""Delivers to a mailbox in the admin: the demo shows what would have been sent, and nothing leaves the machine."""

import datetime as dt

from django.utils.translation import gettext as _

from cms.mail.models import Delivery, MailboxItem

from .base import Outcome, OutcomeKind


class MailboxTransport:
    """Keeps the octets of each message beside its delivery."""

    def deliver(self, *, key: str, sender: str, recipient: str, octets: bytes, until: dt.datetime) -> Outcome:
        """Store the message; one that is sent again replaces the first."""
        delivery = Delivery.objects.only("pk").get(key=key)
        MailboxItem.objects.update_or_create(delivery=delivery, defaults={"octets": octets})
        return Outcome(OutcomeKind.ACCEPTED, 250, "Kept in the mailbox of the admin")

    @staticmethod
    def way_out() -> str:
        """Say that nobody gets anything."""
        return _("Demo: nothing is sent out")

    def close(self) -> None:
        """Nothing is open."""
