"""How loudly something is announced, and where an announcement stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.IntegerChoices):
    """The higher comes first."""

    NORMAL = 1, pgettext_lazy("announcement", "Normal")
    IMPORTANT = 2, pgettext_lazy("announcement", "Important")
    URGENT = 3, pgettext_lazy("announcement", "Urgent")

    @property
    def icon(self) -> str:
        """The sign beside the word, an icon of the themes: colour alone says nothing."""
        return {Level.NORMAL: "info", Level.IMPORTANT: "triangle-alert", Level.URGENT: "siren"}[self]


class Standing(models.TextChoices):
    """Where an announcement stands at a moment; worked out from its period, never stored."""

    SHOWN = "shown", _("Shown")
    COMING = "coming", pgettext_lazy("announcement", "Scheduled")
    OVER = "over", _("Over")
