"""What people write to the secretariat, and how the form behaves."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.mail.validators import address_problem, normalise_address, validate_single_line

from .enums import EnquiryState
from .querysets import EnquiryQuerySet


class Enquiry(models.Model):
    """One message through the form.

    Nothing of its sender stands in its name, which logs copy: the row is deleted by rule, and they stay.
    """

    shown_to_visitors = False

    name = models.CharField(_("name of the sender"), max_length=100, validators=[validate_single_line])
    organisation = models.CharField(
        _("organisation of the sender"), max_length=200, blank=True, validators=[validate_single_line]
    )
    email = models.CharField(_("mail address of the sender"), max_length=254)
    telephone = models.CharField(
        _("telephone of the sender"), max_length=30, blank=True, validators=[validate_single_line]
    )
    subject = models.CharField(_("subject of the enquiry"), max_length=100, validators=[validate_single_line])
    text = models.TextField(_("text of the enquiry"), max_length=4000)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(
        _("state of the enquiry"), max_length=10, choices=EnquiryState.choices, default=EnquiryState.OPEN
    )
    done_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    note = models.TextField(
        _("note of the secretariat"),
        blank=True,
        help_text=_("Seen by the secretariat only. Example: Answered by telephone on 9 June"),
    )
    form_token = models.UUIDField(editable=False, unique=True)
    """One a form: sent twice, it is one enquiry."""
    origin = models.CharField(max_length=64, blank=True, editable=False)
    """A keyed digest of the address it came from, for counting; emptied within two days."""

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_at", "-pk"]
        # Nobody adds one in the admin.
        default_permissions = ("view", "change", "delete")
        indexes = [models.Index(fields=["-received_at"], name="contact_enquiry_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=EnquiryState.OPEN, done_at__isnull=True)
                | Q(state=EnquiryState.DONE, done_at__isnull=False),
                name="contact_enquiry_done_has_time",
            )
        ]

    def __str__(self) -> str:
        return _now("Enquiry %(number)s") % {"number": self.pk}


@register_setting(icon="mail", order=70)
class ContactSettings(BaseGenericSetting):
    """Where enquiries go, what the form says, and how long they are kept."""

    recipients = models.TextField(
        _("mail addresses of the secretariat"),
        blank=True,
        help_text=_("One a line. Without any, everybody who may answer enquiries is written to."),
    )
    intro = models.TextField(
        _("words above the form"),
        blank=True,
        max_length=500,
        help_text=_("Example: We answer within three working days."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days to keep answered enquiries"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Then they are deleted by themselves. The form says so to its readers."),
    )

    panels = [FieldPanel("recipients"), FieldPanel("intro"), FieldPanel("keep_days")]

    class Meta:
        verbose_name = _("Contact form")
        constraints = [
            models.CheckConstraint(condition=Q(keep_days__gte=1), name="contact_settings_kept_at_least_a_day")
        ]

    @property
    def addresses(self) -> list[str]:
        return [normalise_address(line) for line in self.recipients.splitlines() if line.strip()]

    def clean(self) -> None:
        """Name the first address that can't be mailed."""
        super().clean()
        for address in self.addresses:
            if problem := address_problem(address):
                raise ValidationError({"recipients": f"{address}: {problem}"})
