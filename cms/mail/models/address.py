"""What the outbox knows of addresses: suspended, unsubscribed, and how fast a domain takes mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.mail.enums import SuspensionCause
from cms.mail.querysets import SuppressionQuerySet


class Suppression(models.Model):
    """An address that nothing is mailed to until somebody has telephoned and lifted the suspension."""

    address = models.CharField(
        pgettext_lazy("mail", "address"), max_length=320, help_text=_("Example: joho@example.jp")
    )
    cause = models.CharField(_("cause"), max_length=20, choices=SuspensionCause.choices)
    detail = models.CharField(_("what the report said"), max_length=500, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    suspended_at = models.DateTimeField(_("suspended at"), auto_now_add=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True, editable=False)
    lifted_by_name = models.CharField(_("lifted by"), max_length=255, blank=True, editable=False)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspended address")
        verbose_name_plural = _("suspended addresses")
        ordering = ["-suspended_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(lifted_at__isnull=True),
                name="mail_suppression_once",
                violation_error_message=_("This address is suspended already."),
            )
        ]

    def __str__(self) -> str:
        return self.address

    def clean(self) -> None:
        """Compare addresses in small letters."""
        super().clean()
        self.address = self.address.strip().lower()


class OptOut(models.Model):
    """An address whose owner wants nothing more from one list."""

    list_id = models.CharField(_("list"), max_length=200)
    address = models.CharField(pgettext_lazy("mail", "address"), max_length=320)
    at = models.DateTimeField(_("unsubscribed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("unsubscription")
        verbose_name_plural = _("unsubscriptions")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["list_id", "address"], name="mail_opt_out_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.list_id}"


class DeclinedKind(models.Model):
    """A kind of mail that a person has turned off. By person, not by address: sections share a mailbox."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=100)
    at = models.DateTimeField(_("turned off at"), auto_now_add=True)

    class Meta:
        verbose_name = _("kind of mail turned off")
        verbose_name_plural = _("kinds of mail turned off")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="mail_kind_declined_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class DomainPace(models.Model):
    """How many messages a minute a domain takes before it begins to refuse them."""

    domain = models.CharField(_("domain"), max_length=255, unique=True, help_text=_("Example: docomo.ne.jp"))
    per_minute = models.PositiveIntegerField(_("messages a minute"), help_text=_("Example: 60"))
    free_at = models.DateTimeField(null=True, editable=False)
    """Before this moment no worker takes a delivery for the domain."""

    class Meta:
        verbose_name = _("pace of a domain")
        verbose_name_plural = _("paces of domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=Q(per_minute__gte=1),
                name="mail_pace_positive",
                violation_error_message=_("Enter at least one message a minute."),
            )
        ]

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        """Compare domains in small letters."""
        super().clean()
        self.domain = self.domain.strip().lower()
