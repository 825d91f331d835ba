"""Codes that are printed in a mail for readers whose links are dead."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.mail.conf import code_purposes
from cms.mail.querysets import CodeQuerySet


class Code(models.Model):
    """Lets its reader do one thing, once, until it runs out. Only a keyed digest is kept, never the code."""

    purpose = models.CharField(_("purpose"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    payload = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("runs out at"))
    used_at = models.DateTimeField(_("used at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="mail_code_expires_after_creation"
            )
        ]

    def __str__(self) -> str:
        purpose = code_purposes().get(self.purpose)
        return str(purpose.label) if purpose else self.purpose


class CodeFailure(models.Model):
    """A wrong code. Kept in the database, so that guessing is slowed down when the cache is gone, too."""

    origin = models.GenericIPAddressField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["origin", "at"], name="mail_code_failure_origin")]

    def __str__(self) -> str:
        return f"{self.origin} {self.at}"
