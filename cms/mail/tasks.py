"""Slices of the outbox as jobs. Each is safe to run twice, and beside any number of others."""

from typing import Any

from django.utils import timezone
from django_tasks import task

from cms.mail.enums import FINAL_STATES, Urgency
from cms.mail.models import Delivery, Message
from cms.mail.services.bounces import bounce_mailbox_read
from cms.mail.services.notices import notices_send_due
from cms.mail.services.retention import bodies_delete, codes_delete, confidential_delete
from cms.mail.services.sending import outbox_send


@task(backend="jobs")
def send_outbox() -> None:
    """Send for one slice; go on in a job of its own, so that other jobs get their turn in between."""
    tally = outbox_send()
    # Where the mail server is away nothing comes of a slice; the next round is soon enough.
    if (
        any(tally[state] for state in FINAL_STATES)
        and Delivery.objects.waiting().filter(due_at__lte=timezone.now()).exists()
    ):
        send_outbox.enqueue()


@task(backend="jobs")
def send_urgent() -> None:
    """Send what is urgent. A broadcast that another worker is busy with holds up none of it."""
    outbox_send(urgency=Urgency.URGENT)


def wake(message: Message, **kwargs: Any) -> None:
    """Have a message that was queued just now sent soon, not at the next round."""
    (send_urgent if message.urgency == Urgency.URGENT else send_outbox).enqueue()


@task(backend="jobs")
def send_notices() -> None:
    """Send the scheduled notices whose moment has come."""
    notices_send_due()


@task(backend="jobs")
def read_bounces() -> None:
    """Read the bounce mailbox, where one is configured."""
    bounce_mailbox_read()


@task(backend="jobs")
def delete_confidential() -> None:
    """Delete the bodies that let their readers in and have been sent."""
    confidential_delete()


@task(backend="jobs")
def delete_old() -> None:
    """Delete the bodies of old mail and what is left of old codes."""
    bodies_delete()
    codes_delete()
