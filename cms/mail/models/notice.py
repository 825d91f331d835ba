"""What the secretariat writes to an audience."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.mail.enums import NoticeState
from cms.mail.querysets import NoticeQuerySet
from cms.mail.validators import validate_single_line

from .message import Message


class Notice(models.Model):
    """An official notice: a draft, then perhaps scheduled, then a message in the outbox.

    Whom it goes to is looked up at the moment of sending, because people change in between. It belongs to the desk, not
    to who wrote it: whoever takes over goes on with it.
    """

    audience = models.CharField(_("audience"), max_length=100, editable=False)
    criteria = models.JSONField(default=dict, blank=True, editable=False)
    """What was typed into the audience's form: lists of values by the names of its fields."""
    subject = models.CharField(
        _("subject"),
        max_length=200,
        validators=[validate_single_line],
        help_text=_("Example: 平成21年度第1回役員会の開催について（ご案内）"),
    )
    text = models.TextField(
        _("text"),
        help_text=_("Plain text; web addresses become links. The frame with the association's name is added."),
    )
    reply_to = models.EmailField(
        _("replies go to"), blank=True, help_text=_("Leave empty for the sender's address. Example: jimu@example.jp")
    )
    due_at = models.DateTimeField(
        _("to be sent at"),
        null=True,
        blank=True,
        help_text=_("Leave empty to send it at once, after a look at it. Example: 2009-06-09 09:00"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT, editable=False
    )
    message = models.OneToOneField(
        Message, verbose_name=_("message"), null=True, editable=False, on_delete=models.PROTECT, related_name="notice"
    )
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_by_name = models.CharField(_("written by"), max_length=255, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by_name = models.CharField(_("released by"), max_length=255, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=NoticeState.SCHEDULED) | Q(due_at__isnull=False),
                name="mail_notice_scheduled_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.SENT, message__isnull=False)
                | (~Q(state=NoticeState.SENT) & Q(message__isnull=True)),
                name="mail_notice_sent_is_message",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_draft(self) -> bool:
        """Whether its words and its audience can be changed."""
        return self.state == NoticeState.DRAFT
