"""The closed lists of this room: lanes, what becomes of a delivery and why, why an address is suspended."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Urgency(models.IntegerChoices):
    """The lane of a message. A worker always takes the lowest number first."""

    URGENT = 0, _("Urgent")
    NORMAL = 10, _("Normal")
    BULK = 20, _("Broadcast")


class DeliveryState(models.TextChoices):
    """Where a message to one recipient stands. `UNKNOWN`: it was on the wire when the worker or the reply was lost."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("Deferred")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    UNKNOWN = "unknown", _("Unknown whether sent")


WAITING_STATES = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
"""What a worker may claim. The claim's SQL and the partial index name the same two."""

MOVING_STATES = (*WAITING_STATES, DeliveryState.SENDING)
"""What changes by itself, so that its body is kept however old it is. What is unknown waits for a person."""

FINAL_STATES = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN)
"""What a mail server's answer, or its silence, settles."""


class Reason(models.TextChoices):
    """Why a delivery failed."""

    ADDRESS_REFUSED = "address_refused", _("The address cannot be mailed")
    SUSPENDED = "suspended", _("The address is suspended after a bounce")
    OPTED_OUT = "opted_out", _("The recipient unsubscribed from this list")
    REJECTED = "rejected", _("The mail server refused it")
    GAVE_UP = "gave_up", _("The mail server put it off for a whole day")
    NOT_COMPOSED = "not_composed", _("The message could not be composed")


class DeliveryAction(models.TextChoices):
    """What happened to a delivery beyond being sent at once."""

    DEFERRED = "deferred", _("put off")
    FAILED = "failed", _("failed")
    LOST = "lost", _("outcome unknown")
    SENT = "sent", pgettext_lazy("recipient", "sent")
    BOUNCED = "bounced", _("came back")
    COMPLAINED = "complained", _("reported as spam")
    UNVERIFIED = "unverified", _("report without its key, not acted on")
    FELL_BACK = "fell_back", _("sent on to the representative address")
    CANCELLED = "cancelled", _("cancelled")
    RETRIED = "retried", _("queued again")
    RESOLVED_SENT = "resolved_sent", _("found to have arrived")


class NoticeState(models.TextChoices):
    """Where an official notice stands."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    SENT = "sent", _("Released")


class SuspensionCause(models.TextChoices):
    """Why nothing is mailed to an address until somebody has asked there."""

    BOUNCE = "bounce", _("Mail came back")
    COMPLAINT = "complaint", _("Reported as spam")
    MANUAL = "manual", _("Suspended by hand")


class BounceKind(models.TextChoices):
    """What a report about a mail says."""

    HARD = "hard", _("Undeliverable for good")
    SOFT = "soft", _("Undeliverable for now")
    COMPLAINT = "complaint", _("Complaint")
