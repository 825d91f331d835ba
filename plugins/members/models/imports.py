"""Files on their way into the register, and what is remembered of their columns."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plugins.members.enums import ImportKind, RegisterUse


class RegisterImport(models.Model):
    """A file that somebody uploaded: its rows are kept until they are written, or for a week."""

    shown_to_visitors = True  # organisations are written in bulk, of which no cache hears

    kind = models.CharField(_("kind"), max_length=20, choices=ImportKind.choices)
    file_name = models.CharField(_("file"), max_length=200)
    headings = models.JSONField(default=list, editable=False)
    rows = models.JSONField(default=list, editable=False)
    mapping = models.JSONField(default=dict, editable=False)
    """Heading to field; a heading that is left out is missing here."""
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    written_at = models.DateTimeField(pgettext_lazy("import", "written at"), null=True, editable=False)
    created_count = models.PositiveIntegerField(_("new"), default=0, editable=False)
    changed_count = models.PositiveIntegerField(_("changed"), default=0, editable=False)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0, editable=False)
    error_count = models.PositiveIntegerField(_("errors"), default=0, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ImportKind.values), name="members_import_kind"),
        ]

    def __str__(self) -> str:
        return self.file_name


class KnownColumn(models.Model):
    """Which field a heading meant last time, so that nobody maps the same file twice."""

    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    heading = models.CharField(max_length=200)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "heading"], name="members_column_once")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


class RegisterAccess(models.Model):
    """Somebody saw or exported personal data of the register."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person_name = models.CharField(_("name"), max_length=310)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    use = models.CharField(_("what was done"), max_length=20, choices=RegisterUse.choices)
    detail = models.CharField(_("what was seen"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("use of the register")
        verbose_name_plural = _("uses of the register")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.person_name} {self.get_use_display()}"
