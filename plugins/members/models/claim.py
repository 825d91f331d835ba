"""Somebody took over in an organisation, has no account, and asks for the seat through its representative address."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import SeatRole
from cms.accounts.models import Organisation, Seat
from cms.accounts.models.fields import MunicipalCodeField
from cms.mail.validators import validate_single_line
from plugins.members.enums import ClaimState
from plugins.members.querysets import SeatClaimQuerySet

from .decision import Decision

DECIDED = [ClaimState.APPROVED.value, ClaimState.DECLINED.value]


class SeatClaim(Decision):
    """A claim of a seat. It counts once somebody who reads the organisation's mail has entered the code sent there.

    What was typed is kept before it is known whether there is such a member: both cases cost the same, and are told the
    same.
    """

    code = MunicipalCodeField(
        _("municipal code"), help_text=_("6 digits, or 5: the check digit is added. Example: 011002")
    )
    role = models.CharField(_("role"), max_length=20, choices=SeatRole.choices, default=SeatRole.LEAD)
    last_name = models.CharField(
        _("family name"), max_length=50, validators=[validate_single_line], help_text=_("Example: 山田")
    )
    first_name = models.CharField(
        _("given name"), max_length=50, blank=True, validators=[validate_single_line], help_text=_("Example: 太郎")
    )
    message = models.TextField(_("message to the secretariat"), blank=True, max_length=1000)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    """Set when the code is mailed: of an organisation that can't be mailed nobody is told anything."""
    state = models.CharField(_("state"), max_length=20, choices=ClaimState.choices, default=ClaimState.UNCONFIRMED)
    language = models.CharField(max_length=10, blank=True, editable=False)
    received_at = models.DateTimeField(_("claim received at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, max_length=1000, editable=False)
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("seat"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("person")
    )
    form_token = models.UUIDField(editable=False, unique=True, default=uuid.uuid4)
    """One a form: sent twice, it is one claim."""
    origin = models.CharField(max_length=64, blank=True, editable=False)
    """A keyed digest of the address it came from, for counting."""

    objects = SeatClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of a seat")
        verbose_name_plural = _("claims of seats")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True)),
                name="members_claim_decision_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.UNCONFIRMED) | Q(confirmed_at__isnull=False, organisation__isnull=False),
                name="members_claim_counts_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Claim %(number)s") % {"number": self.pk}

    @property
    def name(self) -> str:
        return f"{self.last_name} {self.first_name}".strip()

    @property
    def is_undecided(self) -> bool:
        return self.state == ClaimState.OPEN
