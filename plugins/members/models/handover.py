"""Hand-overs (引継ぎ): who takes a seat from whom, from which day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import SeatRole
from cms.accounts.models import Seat
from plugins.members.querysets import HandoverQuerySet


class Handover(models.Model):
    """The announcement of a hand-over, and how to take it back.

    Access doesn't hang on this row: announcing it ends the predecessor's affiliation and begins the successor's on the
    day, and dates alone decide. `ended_on_before` is what a cancellation restores. Nobody named here is deleted, as
    nobody is who sat on a seat; erasing a person's data empties the account and leaves the row.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="handovers", verbose_name=_("seat"))
    predecessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("predecessor")
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("successor")
    )
    on = models.DateField(_("first day of the successor"))
    ended_on_before = models.DateField(null=True, editable=False)
    announced_at = models.DateTimeField(_("announced at"), auto_now_add=True)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("announced by")
    )
    announced_by_name = models.CharField(_("announced by"), max_length=310, blank=True)
    announced_by_role = models.CharField(max_length=20, choices=SeatRole.choices, blank=True, editable=False)
    """The seat from which it was announced, as then. Empty: the secretariat announced it, and it alone undoes it."""
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="members_handover_to_somebody_else",
                violation_error_message=_("A seat is handed over to somebody else, not to oneself."),
            ),
            models.UniqueConstraint(
                fields=["seat", "on"],
                condition=Q(cancelled_at__isnull=True),
                name="members_handover_once_a_day",
                violation_error_message=_("A hand-over of this seat is announced for that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.predecessor} → {self.successor}"

    @property
    def history(self) -> dict[str, str | int]:
        """What the history of the organisation keeps of it."""
        return {
            "seat": str(self.seat),
            "from": str(self.predecessor),
            "from_id": self.predecessor_id,
            "to": str(self.successor),
            "to_id": self.successor_id,
            "on": self.on.isoformat(),
        }
