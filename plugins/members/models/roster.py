"""Every April each member says whether the people on its seats are still the same."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Organisation
from cms.mail.models import Code
from plugins.members.enums import RosterAnswer, Silence
from plugins.members.querysets import RosterEntryQuerySet, RosterRoundQuerySet


class RosterRound(models.Model):
    """One confirmation of all members, with a deadline. Who answers late is still heard."""

    title = models.CharField(
        _("title"), max_length=100, unique=True, help_text=_("Example: 平成22年度担当者名簿の確認")
    )
    deadline = models.DateField(_("deadline"), help_text=_("The last day to answer. Example: 2010-04-23"))
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("started by")
    )

    objects = RosterRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster confirmation")
        verbose_name_plural = _("roster confirmations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class RosterEntry(models.Model):
    """What one organisation was asked and has answered."""

    round = models.ForeignKey(RosterRound, on_delete=models.CASCADE, related_name="entries", verbose_name=_("round"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="roster_entries", verbose_name=_("organisation")
    )
    code = models.OneToOneField(Code, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    asked_at = models.DateTimeField(_("asked at"), null=True)
    times_asked = models.PositiveSmallIntegerField(_("times asked"), default=0)
    answer = models.CharField(_("answer"), max_length=10, choices=RosterAnswer.choices, blank=True)
    note = models.TextField(_("what changes"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by_name = models.CharField(_("answered by"), max_length=310, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    """Who wrote it down at the telephone or answered in the corner; nobody where it came by code."""

    entered_at = models.DateTimeField(_("entered in the register at"), null=True, editable=False)
    """When the secretariat had carried out what an organisation said that changes."""
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    entered_by_name = models.CharField(_("entered by"), max_length=310, blank=True, editable=False)

    objects = RosterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a roster confirmation")
        verbose_name_plural = _("answers to roster confirmations")
        ordering = ["round", "organisation"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="members_roster_once_a_round"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="members_roster_answer_has_time",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(answer=RosterAnswer.CHANGED),
                name="members_roster_only_changes_are_entered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.round}"

    @property
    def answer_words(self) -> str:
        """The answer, or why there is none: of rows read `with_gone_on` a day also that it is expected no more."""
        silence = Silence.GONE if getattr(self, "is_gone", False) else Silence.OUTSTANDING
        return str(self.get_answer_display() if self.answer else silence.label)

    @property
    def is_to_enter(self) -> bool:
        """Whether something changes that has not been entered in the register."""
        return self.answer == RosterAnswer.CHANGED and self.entered_at is None
