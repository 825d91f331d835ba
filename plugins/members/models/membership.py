"""Memberships of organisations over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.models import Organisation
from cms.calendar import format_date, today
from cms.calendar.spans import Span, runs_forward
from plugins.members.enums import JoinReason, LeaveReason
from plugins.members.querysets import MembershipQuerySet

NOT_FOUNDED = _("%(organisation)s exists only from %(day)s: it can be no member before.")
CLOSED = _("%(organisation)s is closed as of %(day)s: it can be no member from then on.")


class Membership(Span):
    """An organisation is a member from one day until before another.

    That two of one organisation never overlap is held by the database (migration `0002_no_overlap`).
    Nothing is deleted when a membership ends: who was a member when is what the association's figures are made of.
    """

    shown_to_visitors = True

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    starts_on = models.DateField(
        pgettext_lazy("membership", "from"), help_text=_("The first day as a member. Example: 2010-04-01")
    )
    join_reason = models.CharField(
        _("how it began"), max_length=20, choices=JoinReason.choices, default=JoinReason.JOINED
    )
    ends_on = models.DateField(
        pgettext_lazy("membership", "until before"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is no member any more. Leave empty while it is. Example: 2012-04-01"),
    )
    leave_reason = models.CharField(_("why it ended"), max_length=20, choices=LeaveReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Example: 申込書 平成22年3月15日受付"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-starts_on", "organisation"]
        indexes = [models.Index(fields=["organisation", "starts_on"], name="members_membership_org")]
        constraints = [
            runs_forward("members_membership_forward"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, leave_reason="")
                | (Q(ends_on__isnull=False) & Q(leave_reason__in=LeaveReason.values)),
                name="members_membership_end_has_reason",
                violation_error_message=_("An end needs its reason, and a reason needs its day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {format_date(self.starts_on, weekday=False)}～"

    def clean(self) -> None:
        """Say next to its field what the constraints would say of the whole form."""
        super().clean()
        if self.ends_on and not self.leave_reason:
            raise ValidationError({"leave_reason": _("Please say why the membership ended.")})
        if self.leave_reason and not self.ends_on:
            raise ValidationError({"ends_on": _("Please enter the day on which the membership ended.")})
        self.check_organisation()

    def check_organisation(self) -> None:
        """Raise `ValidationError` where nobody is there to be a member, at its beginning or by now.

        It may outlast a closing that is still to come: from that day on it is in force no more.
        """
        if not self.organisation_id or not self.starts_on:
            return
        first, end, is_new = self.organisation.valid_from, self.organisation.valid_to, self.pk is None
        if is_new and first and self.starts_on < first:
            raise _refusal("starts_on", NOT_FOUNDED, self.organisation, first)
        if end is None:
            return
        outlasts = end <= today() and (self.ends_on is None or self.ends_on > end)
        if outlasts or (is_new and self.starts_on >= end):
            raise _refusal("starts_on" if is_new else "ends_on", CLOSED, self.organisation, end)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Also look at the rule that only the database knows, so that a person reads a sentence."""
        super().validate_constraints(exclude=exclude)
        if not self.organisation_id or not self.starts_on:
            return
        others = Membership.objects.filter(organisation_id=self.organisation_id).exclude(pk=self.pk)
        self.check_against(others.overlapping(self.starts_on, self.ends_on)[:1])

    def check_against(self, others: Iterable[Membership]) -> None:
        """Raise `ValidationError` where one of these, of the same organisation, shares a day with it."""
        rival = next((one for one in others if self.overlaps(one)), None)
        if rival is not None:
            raise ValidationError(
                _("%(organisation)s is a member from %(from)s already. Two memberships never overlap."),
                code="overlap",
                params={"organisation": self.organisation, "from": format_date(rival.starts_on, weekday=False)},
            )


def _refusal(field: str, sentence: str | Promise, organisation: Organisation, day: dt.date) -> ValidationError:
    words = {"organisation": organisation, "day": format_date(day, weekday=False)}
    return ValidationError({field: str(sentence) % words}, code="no_organisation")
