"""What is announced on every page of the site."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms.calendar import now

from .enums import Level, Standing
from .querysets import AnnouncementQuerySet
from .validators import validate_link

END_BEFORE_START = _("The announcement must end after it begins.")


class Announcement(models.Model):
    """A sentence or two above every page, for a period.

    It always ends: one that nobody takes down is soon read by nobody.
    """

    shown_to_visitors = True

    level = models.PositiveSmallIntegerField(
        _("level"),
        choices=Level.choices,
        default=Level.NORMAL,
        help_text=_("Keep “urgent” for what readers must act on at once, such as a meeting cancelled by a typhoon."),
    )
    text = models.CharField(
        _("sentence"),
        max_length=200,
        help_text=_("One or two sentences. Example: The meeting of 9 June is held in room 2 on the third floor."),
    )
    text_en = models.CharField(
        _("sentence in English"),
        max_length=400,
        blank=True,
        help_text=_("For readers who chose English. Without it they see the Japanese text."),
    )
    link = models.CharField(
        _("address for more"),
        max_length=500,
        blank=True,
        validators=[validate_link],
        help_text=_("A page of this site or elsewhere. Example: /news/typhoon/"),
    )
    starts_at = models.DateTimeField(_("shown from"), default=now)
    ends_at = models.DateTimeField(_("shown until"), help_text=_("It disappears by itself at this time."))

    objects = AnnouncementQuerySet.as_manager()

    panels = [
        FieldPanel("level"),
        MultiFieldPanel(
            [FieldPanel("text"), FieldPanel("text_en"), FieldPanel("link")],
            heading=pgettext_lazy("announcement", "Words"),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])], heading=_("Period")),
    ]

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="announcements_period_forward",
                violation_error_message=END_BEFORE_START,
            ),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="announcements_level_known"),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Say beside the field what the constraint says."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": END_BEFORE_START})

    def standing(self, at: datetime) -> Standing:
        """Say where it stands at a moment."""
        if self.ends_at <= at:
            return Standing.OVER
        return Standing.COMING if self.starts_at > at else Standing.SHOWN

    @property
    def heading(self) -> str:
        """The word before the text."""
        return pgettext("announcement", "Notice") if self.level == Level.NORMAL else str(Level(self.level).label)

    @property
    def level_icon(self) -> str:
        return Level(self.level).icon

    @property
    def tone(self) -> str:
        """The level as a style sheet knows it."""
        return Level(self.level).name.lower()

    @property
    def words(self) -> str:
        """The text in the reader's language, the Japanese one where there is no other."""
        return self.text_en if self.text_en and get_language() == "en" else self.text

    @property
    def lang(self) -> str:
        """The `lang` attribute that the words need: empty where they speak the language of the frame."""
        return "ja" if self.words == self.text and get_language() != "ja" else ""
