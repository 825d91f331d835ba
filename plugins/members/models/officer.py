"""Organisations that hold an office of the association, from one day until before another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.models import Affiliation, Organisation
from cms.calendar import format_date
from cms.calendar.spans import Span, runs_forward
from cms.pages.models import MeetingPage
from plugins.members.enums import Office
from plugins.members.querysets import OfficerTermQuerySet


class OfficerTerm(Span):
    """An organisation as chair, vice-chair or officer. The office is the organisation's; somebody represents it there.

    An organisation has one office at a time, and there is one chair at a time: the database refuses the rest
    (migration `0002_no_overlap`). Who represents it is copied: the name stays what it was then.
    """

    shown_to_visitors = True

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="officer_terms", verbose_name=_("organisation")
    )
    office = models.CharField(_("office"), max_length=20, choices=Office.choices)
    starts_on = models.DateField(
        pgettext_lazy("office", "from"), help_text=_("The first day in office. Example: 2009-11-25")
    )
    ends_on = models.DateField(
        pgettext_lazy("office", "until before"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is over: the day the successor begins. Leave empty while it goes on."),
    )
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("representative"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Name and role are copied from here where you leave them empty."),
    )
    representative_name = models.CharField(_("name of the representative"), max_length=310, blank=True)
    representative_role = models.CharField(
        _("role of the representative"), max_length=100, blank=True, help_text=_("Example: 情報政策課長")
    )
    meeting = models.ForeignKey(
        MeetingPage,
        verbose_name=_("elected at"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The meeting that elected it."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    over_on: dt.date | None
    objects = OfficerTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of an officer")
        verbose_name_plural = _("terms of officers")
        ordering = ["-starts_on", "organisation"]
        indexes = [models.Index(fields=["organisation", "starts_on"], name="members_officer_org")]
        constraints = [
            models.CheckConstraint(condition=Q(office__in=Office.values), name="members_officer_office"),
            runs_forward("members_officer_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()} {self.organisation}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day in office of a row out of `held`, as a roster prints it; None while it goes on."""
        return self.over_on - dt.timedelta(days=1) if self.over_on else None

    def clean(self) -> None:
        """Copy who represents it."""
        super().clean()
        self._copy_representative()

    def _copy_representative(self) -> None:
        if self.representative is None or not self.organisation_id or not self.starts_on:
            return
        self.representative_name = self.representative_name or self.representative.display_name
        if not self.representative_role:
            held = Affiliation.objects.active_on(self.starts_on).of_person(self.representative)
            row = held.filter(organisation_id=self.organisation_id).select_related("seat").first()
            self.representative_role = str(row.seat.get_role_display()) if row else ""

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Also look at the rules that only the database knows, so that a person reads a sentence."""
        super().validate_constraints(exclude=exclude)
        if not self.organisation_id or not self.starts_on:
            return
        same = Q(organisation_id=self.organisation_id)
        if self.office == Office.CHAIR:
            same |= Q(office=Office.CHAIR)
        others = OfficerTerm.objects.filter(same).exclude(pk=self.pk).select_related("organisation")
        rival = others.overlapping(self.starts_on, self.ends_on).first()
        if rival is not None:
            raise ValidationError(
                _("%(organisation)s is %(office)s from %(from)s. Enter the day on which that ends first."),
                code="overlap",
                params={
                    "organisation": rival.organisation,
                    "office": rival.get_office_display(),
                    "from": format_date(rival.starts_on, weekday=False),
                },
            )
