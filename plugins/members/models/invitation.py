"""Invitations: how a person on a seat comes to an account of their own."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Seat
from cms.mail.models import Code
from plugins.members.enums import Channel
from plugins.members.querysets import InvitationQuerySet


class Invitation(models.Model):
    """A person is asked to choose an ID and a password. Issued anew it keeps its row and gets another code.

    The account exists already, without a password, and the person sits on the seat: it is known who is in charge,
    also before they come.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("seat"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("person")
    )
    channel = models.CharField(_("how it goes out"), max_length=10, choices=Channel.choices)
    # Codes are forgotten some time after they ran out; what became of the invitation stays.
    code = models.OneToOneField(Code, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("issued by")
    )
    issued_by_name = models.CharField(_("issued by"), max_length=310, blank=True)
    times_issued = models.PositiveSmallIntegerField(_("times issued"), default=1)
    expires_at = models.DateTimeField(_("runs out at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="members_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="members_invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.seat}"

    def is_open_at(self, at: dt.datetime) -> bool:
        """Whether it can be accepted at that moment; the same rule as `objects.open_at`."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at
