"""When and where a seminar is held, and its parts. Each has a key that stays: other records and talks name it."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms.calendar import FiscalYear, format_period
from cms.pages.models import VenueFields
from plugins.seminars.querysets import SESSION_FIELDS, OccurrenceQuerySet

ENDS_BEFORE_IT_STARTS = _("The end must be after the start.")


class PeriodMixin(models.Model):
    """A stable key, and the sentence for a period that ends before it starts."""

    key = models.UUIDField(pgettext_lazy("occurrence", "key"), default=uuid.uuid4)
    attendance = models.PositiveIntegerField(
        _("attendance"),
        null=True,
        blank=True,
        help_text=_("Leave empty while nobody has counted; 0 means counted: nobody."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an end that is no later than the start."""
        super().clean()
        start, end = getattr(self, "start", None), getattr(self, "end", None)
        if start and end and end <= start:
            raise ValidationError({"end": ENDS_BEFORE_IT_STARTS})


class Occurrence(PeriodMixin, VenueFields, Orderable, ClusterableModel):
    """A seminar on one day in one place, such as 東京開催."""

    page = ParentalKey("seminars.SeminarPage", on_delete=models.CASCADE, related_name="occurrences")
    start = models.DateTimeField(_("start"), help_text=_("Example: 2010-02-09 13:30"))
    end = models.DateTimeField(_("end"), null=True, blank=True, help_text=_("Example: 2010-02-09 17:00"))

    objects = OccurrenceQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        # Written as expressions, so that the form's own sentence is shown and not Django's about "page and key".
        constraints = [
            models.UniqueConstraint("page", "key", name="seminars_occurrence_key_unique"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="seminars_occurrence_ends_after_start",
                violation_error_message=ENDS_BEFORE_IT_STARTS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.period}".strip()

    @property
    def label(self) -> str:
        """What people call it: 東京開催."""
        return str(_("held in %(city)s") % {"city": self.venue_city}) if self.venue_city else ""

    @property
    def period(self) -> str:
        """平成22年2月9日（火）13:30～17:00."""
        return format_period(self.start, self.end)

    @property
    def fiscal_year(self) -> FiscalYear:
        """The fiscal year in which it begins."""
        return FiscalYear.of(self.start)


class Session(PeriodMixin, Orderable):
    """A part of an occurrence, such as 午前の部. Its times may be unknown."""

    occurrence = ParentalKey(Occurrence, on_delete=models.CASCADE, related_name="sessions")
    label = models.CharField(_("name"), max_length=100, help_text=_("Example: 午前の部"))
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = pgettext_lazy("seminar", "session")
        verbose_name_plural = pgettext_lazy("seminar", "sessions")
        constraints = [
            models.UniqueConstraint("occurrence", "key", name="seminars_session_key_unique"),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gt=F("start")),
                name="seminars_session_ends_after_start",
                violation_error_message=ENDS_BEFORE_IT_STARTS,
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def joined_to(cls, row: Any) -> "Session":
        """Make the session of a row that `OccurrenceQuerySet.joined_with_sessions` gave."""
        return cls(occurrence_id=row.pk, **{name: getattr(row, f"session_{name}") for name in SESSION_FIELDS})
