"""What is said, to however many recipients."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.mail.conf import OF_A_LIBRARY, mail_kinds
from cms.mail.enums import Urgency
from cms.mail.querysets import MessageQuerySet
from cms.mail.validators import address_problem, validate_headers, validate_placeholders, validate_single_line


class Message(models.Model):
    """One mail in its final words, but for the placeholders that each recipient's values fill.

    Never changed once a recipient has it. The body goes by rule after a while; the row stays as the record.
    """

    kind = models.CharField(_("kind"), max_length=100)
    sender = models.CharField(_("sender address"), max_length=254)
    sender_name = models.CharField(_("sender name"), max_length=200, blank=True, validators=[validate_single_line])
    reply_to = models.CharField(_("reply to"), max_length=254, blank=True, validators=[validate_single_line])
    visible_to = models.JSONField(default=list, blank=True, editable=False)
    """Pairs of name and address to print in To instead of each recipient's own, as another program asked for."""
    visible_cc = models.JSONField(default=list, blank=True, editable=False)
    subject = models.CharField(_("subject"), max_length=500, blank=True, validators=[validate_single_line])
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    entity = models.BinaryField(blank=True, default=b"", editable=False)
    """A ready MIME entity (with attachments, say), sent instead of text and HTML."""
    placeholders = models.JSONField(default=list, blank=True, editable=False)
    headers = models.JSONField(default=dict, blank=True, editable=False)
    list_id = models.CharField(_("list"), max_length=200, blank=True, validators=[validate_single_line])
    list_name = models.CharField(_("list name"), max_length=200, blank=True, validators=[validate_single_line])
    one_click = models.BooleanField(_("can be unsubscribed from"), default=False)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.NORMAL)
    confidential = models.BooleanField(_("confidential"), default=False)
    id_domain = models.CharField(max_length=255, editable=False)
    """Right of the @ in the Message-IDs: copied, so that they stay the same when the setting changes."""
    due_at = models.DateTimeField(_("to be sent at"))
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_by_name = models.CharField(_("written by"), max_length=255, blank=True)
    body_deleted_at = models.DateTimeField(_("text deleted at"), null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at"], name="mail_message_newest"),
            models.Index(fields=["due_at"], name="mail_message_body_kept", condition=Q(body_deleted_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(html="") | ~Q(text=""),
                name="mail_message_text_beside_html",
                violation_error_message=_("A message with HTML needs the same as plain text."),
            ),
            models.CheckConstraint(
                condition=Q(one_click=False) | ~Q(list_id=""),
                name="mail_message_one_click_names_list",
                violation_error_message=_("A message that can be unsubscribed from names its list."),
            ),
            models.CheckConstraint(
                condition=Q(body_deleted_at__isnull=True) | Q(text="", html=""),
                name="mail_message_deleted_body_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self) -> None:
        """Check headers, and the placeholders against the closed list; say what the constraints say."""
        super().clean()
        validate_headers(self.headers)
        for field in ("sender", "reply_to"):
            address = getattr(self, field)
            if address and (problem := address_problem(address)):
                raise ValidationError({field: problem})
        if self.html and not self.text:
            raise ValidationError({"text": _("A message with HTML needs the same as plain text.")})
        if self.one_click and not self.list_id:
            raise ValidationError({"list_id": _("A message that can be unsubscribed from names its list.")})
        if not self.placeholders:
            return
        errors = {}
        for field in ("subject", "text", "html"):
            try:
                validate_placeholders(getattr(self, field), self.placeholders)
            except ValidationError as error:
                errors[field] = error
        if errors:
            raise ValidationError(errors)

    @property
    def kind_label(self) -> str:
        """The name of its kind, for people; its slug where no installed app declares it any more."""
        if self.kind == OF_A_LIBRARY:
            return gettext("Mail from the system")
        kind = mail_kinds().get(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def is_readable(self) -> bool:
        """Whether staff may read the body in the admin."""
        return not self.confidential and self.body_deleted_at is None
