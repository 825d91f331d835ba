"""What the outbox tells: `mail_queued`, after the commit of a message that can be sent now (`message`)."""

from django.dispatch import Signal

mail_queued = Signal()
