"""One message to one recipient, and what happened to it."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.mail.conf import AT_ONCE
from cms.mail.enums import WAITING_STATES, DeliveryAction, DeliveryState, Reason, Urgency
from cms.mail.querysets import DeliveryQuerySet
from cms.mail.validators import ascii_address, mailing_problem

from .message import Message


class Delivery(models.Model):
    """A message on its way to one address. The address is a copy: what somebody changes later sends nothing elsewhere.

    A worker claims it by setting `sending`, its own name and a lease, commits, and only then speaks to the mail server.
    """

    message = models.ForeignKey(Message, verbose_name=_("message"), on_delete=models.CASCADE, related_name="deliveries")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.CharField(pgettext_lazy("mail", "address"), max_length=320)
    address_key = models.CharField(max_length=320, editable=False)
    domain = models.CharField(_("domain"), max_length=255, editable=False)
    name = models.CharField(_("recipient"), max_length=200, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mail_deliveries",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mail_deliveries",
    )
    values = models.JSONField(default=dict, blank=True, editable=False)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.NORMAL, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True, editable=False)
    attempts = models.PositiveIntegerField(_("tries"), default=0, editable=False)
    due_at = models.DateTimeField(_("next try"), null=True, editable=False)
    deferred_since = models.DateTimeField(_("deferred since"), null=True, editable=False)
    worker = models.CharField(max_length=200, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    reply_code = models.PositiveSmallIntegerField(null=True, editable=False)
    reply = models.CharField(_("last reply"), max_length=500, blank=True, editable=False)
    bounced_at = models.DateTimeField(_("came back at"), null=True, editable=False)
    fallback_for = models.OneToOneField(
        "self", verbose_name=_("instead of"), null=True, on_delete=models.CASCADE, related_name="fallback"
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        # Each of them is written at each claim and at each finish: that, not composing, is what a worker waits for.
        indexes = [
            # What a claim walks along; its SQL repeats this condition word for word.
            models.Index(
                fields=["urgency", "due_at", "id"],
                name="mail_delivery_waiting",
                condition=Q(state__in=[state.value for state in WAITING_STATES]),
            ),
            models.Index(
                fields=["leased_until"], name="mail_delivery_leased", condition=Q(state=DeliveryState.SENDING)
            ),
            models.Index(fields=["address_key"], name="mail_delivery_address"),
            # None begins with the state: SQLite would take it for a claim, and sort all that waits for each.
            models.Index(fields=["-finished_at"], name="mail_delivery_finished"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "address_key", "person"], name="mail_delivery_once_a_person"),
            models.UniqueConstraint(
                fields=["message", "address_key"],
                # Organisations without an address have a row each, so that somebody rings there.
                condition=Q(person__isnull=True) & ~Q(address_key=""),
                name="mail_delivery_once_an_address",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in WAITING_STATES]) | Q(due_at__isnull=False),
                name="mail_delivery_waiting_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING) | (Q(leased_until__isnull=False) & ~Q(worker="")),
                name="mail_delivery_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.FAILED, reason__gt="") | ~Q(state=DeliveryState.FAILED),
                name="mail_delivery_failed_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(finished_at__isnull=False),
                name="mail_delivery_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in WAITING_STATES

    @property
    def said(self) -> str:
        """What the mail server said last; of an address that was refused here why, in the language of who reads it."""
        own = mailing_problem(self.address) if self.reason == Reason.ADDRESS_REFUSED else ""
        return own or self.reply

    @property
    def next_try_at(self) -> dt.datetime | None:
        """The moment before which it is not tried, where there is one."""
        return self.due_at if self.due_at is not None and self.due_at > AT_ONCE else None

    @property
    def can_retry(self) -> bool:
        """Whether sending again can make sense: it failed, was cancelled, or waits for its next try."""
        return self.state in {DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.DEFERRED}

    @property
    def wire_address(self) -> str:
        """The address as the mail server takes it."""
        return ascii_address(self.address)


class DeliveryEvent(models.Model):
    """One line of a delivery's history. Being sent at the first try leaves none: the row itself says so."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="events")
    action = models.CharField(_("what happened"), max_length=20, choices=DeliveryAction.choices)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    reply_code = models.PositiveSmallIntegerField(null=True)
    reply = models.CharField(_("reply"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("by"), max_length=255, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_action_display()
