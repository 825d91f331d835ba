"""Municipalities that want to join, and members that announce that they leave."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import MUNICIPAL_KINDS, OrganisationKind, SeatRole
from cms.accounts.models import Organisation
from cms.accounts.models.fields import KeyField, MunicipalCodeField
from cms.accounts.validators import validate_postcode, validate_telephone
from cms.mail.validators import validate_single_line
from plugins.members.enums import ApplicationState, WithdrawalState
from plugins.members.querysets import ApplicationQuerySet

from .decision import Decision

UNDECIDED = [ApplicationState.OPEN.value, ApplicationState.ASKED.value]
DECIDED = [ApplicationState.ACCEPTED.value, ApplicationState.DECLINED.value]


class Application(Decision):
    """A municipality that is no member applies to become one.

    It counts once somebody at its mail address has entered the code that was sent there. One municipality has one
    undecided application; the code, never the name, tells municipalities apart.
    """

    code = MunicipalCodeField(
        _("municipal code"), help_text=_("6 digits, or 5: the check digit is added. Example: 011002")
    )
    name = models.CharField(
        _("name of the municipality"), max_length=100, validators=[validate_single_line], help_text=_("Example: 松山市")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=[(kind.value, kind.label) for kind in MUNICIPAL_KINDS])
    section = models.CharField(
        _("section in charge"), max_length=100, validators=[validate_single_line], help_text=_("Example: 情報政策課")
    )
    postcode = KeyField(_("postcode"), max_length=8, validators=[validate_postcode], help_text=_("Example: 790-0000"))
    address = models.CharField(
        _("address"),
        max_length=200,
        validators=[validate_single_line],
        help_text=_("Without the prefecture. Example: 見本市中央1丁目1番地"),
    )
    telephone = KeyField(
        _("telephone"), max_length=30, validators=[validate_telephone], help_text=_("Example: 03-0000-0000")
    )
    email = models.CharField(
        _("representative mail address"),
        max_length=254,
        help_text=_("The section's mailbox. A code is sent there. Example: joho@example.jp"),
    )
    lead_name = models.CharField(
        _("name of the lead contact"),
        max_length=150,
        validators=[validate_single_line],
        help_text=_("Family name, a space, given name. Example: 見本 花子"),
    )
    head_name = models.CharField(
        _("name of the section head"), max_length=150, blank=True, validators=[validate_single_line]
    )
    deputy_name = models.CharField(
        _("name of the deputy contact"), max_length=150, blank=True, validators=[validate_single_line]
    )
    message = models.TextField(_("message to the secretariat"), blank=True, max_length=2000)
    state = models.CharField(
        _("state"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.UNCONFIRMED
    )
    language = models.CharField(max_length=10, blank=True, editable=False)
    received_at = models.DateTimeField(_("application received at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, editable=False)
    letter = models.TextField(_("letter of the secretariat"), blank=True, max_length=2000, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("organisation"),
    )
    form_token = models.UUIDField(editable=False, unique=True, default=uuid.uuid4)
    """One a form: sent twice, it is one application."""
    origin = models.CharField(max_length=64, blank=True, editable=False)
    """A keyed digest of the address it came from, for counting."""

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to join")
        verbose_name_plural = _("applications to join")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(state__in=UNDECIDED), name="members_application_one_undecided"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True)),
                name="members_application_decision_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.UNCONFIRMED) | Q(confirmed_at__isnull=False),
                name="members_application_counts_once_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.ACCEPTED) | Q(organisation__isnull=False),
                name="members_application_accepted_has_organisation",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Application %(number)s") % {"number": self.pk}

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def people(self) -> Iterator[tuple[SeatRole, str]]:
        """Yield the seats that were named, and who sits on each."""
        named = (
            (SeatRole.SECTION_HEAD, self.head_name),
            (SeatRole.LEAD, self.lead_name),
            (SeatRole.DEPUTY, self.deputy_name),
        )
        yield from ((role, name) for role, name in named if name)

    @property
    def kind_label(self) -> str:
        return str(OrganisationKind(self.kind).label)


class ApplicationNote(models.Model):
    """A question of the secretariat, or what the applicant answered."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("note written by"), max_length=310, blank=True)
    """Empty: the applicant."""
    text = models.TextField(_("question or answer"), max_length=2000)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application} {self.at}"


class Withdrawal(Decision):
    """A member announces that it leaves; the membership ends when the secretariat confirms that."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="withdrawals", verbose_name=_("organisation")
    )
    ends_on = models.DateField(
        _("member until before"), help_text=_("The first day on which you are no member any more. Example: 2012-04-01")
    )
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    announced_by_name = models.CharField(pgettext_lazy("withdrawal", "announced by"), max_length=310, editable=False)
    announced_by_role = models.CharField(max_length=20, choices=SeatRole.choices, blank=True, editable=False)
    """The seat from which it was announced, as then: the person may leave it the next day."""
    announced_at = models.DateTimeField(_("announced at"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=20, choices=WithdrawalState.choices, default=WithdrawalState.ANNOUNCED, editable=False
    )

    class Meta:
        verbose_name = _("announcement to leave")
        verbose_name_plural = _("announcements to leave")
        ordering = ["-announced_at", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=WithdrawalState.ANNOUNCED),
                name="members_withdrawal_one_announced",
            ),
            models.CheckConstraint(
                condition=Q(state=WithdrawalState.ANNOUNCED, decided_at__isnull=True)
                | (~Q(state=WithdrawalState.ANNOUNCED) & Q(decided_at__isnull=False)),
                name="members_withdrawal_decision_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def is_undecided(self) -> bool:
        return self.state == WithdrawalState.ANNOUNCED
