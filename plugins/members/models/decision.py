"""What the secretariat decides once: an application, a claim, an announcement to leave."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """Waits for a decision, and keeps when and by whom it was taken. Each kind names its states."""

    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    decided_by_name = models.CharField(_("decision taken by"), max_length=310, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_undecided(self) -> bool:
        """Whether it counts and waits for a decision."""
        raise NotImplementedError
