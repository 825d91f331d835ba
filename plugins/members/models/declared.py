"""Figures that the association has published, kept beside what the register counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import OrganisationKind


class DeclaredCount(models.Model):
    """How many members a document says there were on a day, of one kind or in all."""

    shown_to_visitors = True

    as_of = models.DateField(_("as of"), help_text=_("Example: 2010-02-01"))
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=OrganisationKind.choices,
        blank=True,
        help_text=_("Leave empty for the total."),
    )
    count = models.PositiveIntegerField(_("number of organisations"))
    source = models.CharField(_("source"), max_length=200, help_text=_("Example: 平成21年度事業実施について"))

    class Meta:
        verbose_name = _("declared figure")
        verbose_name_plural = _("declared figures")
        ordering = ["-as_of", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "kind", "source"],
                name="members_declared_once",
                violation_error_message=_("This source has a figure for that day and kind already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.get_kind_display()} {self.count}"
