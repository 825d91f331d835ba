"""A municipality, or another body that the association knows."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from cms.accounts.enums import MUNICIPAL_KINDS, OrganisationKind, Prefecture
from cms.accounts.querysets import OrganisationQuerySet
from cms.accounts.validators import validate_postcode, validate_telephone

from .fields import KeyField, MunicipalCodeField


class Organisation(ClusterableModel):
    """A body in force from one day until before another.

    Names repeat (池田町 is four towns), so the code is the key. A merger, or a village that becomes a town, ends one
    row and begins another: kind and code change on a date, and `successors` says what came of it.
    """

    shown_to_visitors = True

    code = MunicipalCodeField(
        _("municipal code"),
        unique=True,
        null=True,
        blank=True,
        help_text=_("6 digits, or 5: the check digit is added. Example: 011002. Leave empty for other organisations."),
        error_messages={"unique": _("Another organisation has this code.")},
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("Example: 松山市"))
    kana = models.CharField(_("kana"), max_length=200, blank=True, help_text=_("In hiragana. Example: まつやまし"))
    kind = models.CharField(_("kind"), max_length=10, choices=OrganisationKind.choices)
    prefecture = models.CharField(_("prefecture"), max_length=2, choices=Prefecture.choices, blank=True)
    section = models.CharField(_("section in charge"), max_length=100, blank=True, help_text=_("Example: 情報政策課"))
    postcode = KeyField(
        _("postcode"), max_length=8, blank=True, validators=[validate_postcode], help_text=_("Example: 790-0000")
    )
    address = models.CharField(
        _("address"), max_length=200, blank=True, help_text=_("Without the prefecture. Example: 見本市中央1丁目1番地")
    )
    telephone = KeyField(
        _("telephone"),
        max_length=30,
        blank=True,
        validators=[validate_telephone],
        help_text=_("Example: 03-0000-0000"),
    )
    fax = KeyField(
        _("fax"), max_length=30, blank=True, validators=[validate_telephone], help_text=_("Example: 03-0000-0000")
    )
    email = models.EmailField(
        _("representative mail address"), blank=True, help_text=_("The section's mailbox. Example: joho@example.jp")
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True, help_text=_("Example: 517000"))
    population_on = models.DateField(_("population as of"), null=True, blank=True, help_text=_("Example: 2010-01-01"))
    valid_from = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_("Leave empty if it has always been so. Example: 2005-04-01"),
    )
    valid_to = models.DateField(
        _("in force until before"),
        null=True,
        blank=True,
        help_text=_("The first day on which it no longer exists. Leave empty while it does. Example: 2010-03-31"),
    )
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="predecessors",
        blank=True,
        verbose_name=_("successors"),
        help_text=_("What became of it: after a merger, the new municipality."),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["prefecture", "code", "name"]
        indexes = [models.Index(fields=["kind", "prefecture"], name="accounts_org_kind_pref")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=True) | Q(code__regex=r"^[0-9]{6}$"), name="accounts_org_code_six_digits"
            ),
            models.CheckConstraint(
                condition=Q(code__isnull=False) | Q(kind=OrganisationKind.OTHER),
                name="accounts_org_municipality_has_code",
                violation_error_message=_("A municipality needs its municipal code."),
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(population_on__isnull=False),
                name="accounts_org_population_dated",
                violation_error_message=_("Say on which day the population was counted."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="accounts_org_period_forward",
                violation_error_message=_("The end must come after the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_municipality(self) -> bool:
        """Whether the association can count it as a city, town, village or ward."""
        return self.kind in MUNICIPAL_KINDS

    def is_active_on(self, date: dt.date) -> bool:
        """Whether it exists on that day; the same rule as `objects.active_on`."""
        return (self.valid_from is None or self.valid_from <= date) and (self.valid_to is None or date < self.valid_to)

    def clean(self) -> None:
        """Say next to its field what a constraint would say of the whole form."""
        super().clean()
        self.code = self.code or None
        if self.is_municipality and not self.code:
            raise ValidationError({"code": _("A municipality needs its municipal code.")})
        if self.population is not None and self.population_on is None:
            raise ValidationError({"population_on": _("Say on which day the population was counted.")})
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValidationError({"valid_to": _("The end must come after the beginning.")})
