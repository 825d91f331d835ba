"""What the members' corner keeps of a person: when they looked, and what they let other members see."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from plugins.members.querysets import DirectoryEntryQuerySet


class CornerVisitor(models.Model):
    """When somebody looked at the corner, and since when things are new to them."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("person")
    )
    seen_at = models.DateTimeField(_("this visit began"))
    new_since = models.DateTimeField(_("new since"))

    class Meta:
        verbose_name = _("visitor of the corner")
        verbose_name_plural = _("visitors of the corner")

    def __str__(self) -> str:
        return str(self.person)


class DirectoryEntry(models.Model):
    """A person whom other members may find by name. Nobody is listed who did not ask for it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="directory_entry",
        verbose_name=_("person"),
    )
    about = models.CharField(
        _("what others may ask you about"),
        max_length=100,
        blank=True,
        help_text=_("Example: 基幹系システムの更新、BCP"),
    )
    shows_email = models.BooleanField(
        _("Show my mail address"), default=False, help_text=_("Without it, the address of your organisation is shown.")
    )

    objects = DirectoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in the directory")
        verbose_name_plural = _("entries in the directory")

    def __str__(self) -> str:
        return str(self.person)
