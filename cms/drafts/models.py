"""Links to drafts, and what the sheet for approval looks like."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page

from .querysets import DraftLinkQuerySet

_signer = Signer(salt="cms.drafts.link")
MAX_BOXES, MAX_BOX_LENGTH = 8, 10


class DraftLink(models.Model):
    """Lets whoever has its address read the latest draft of one page, until a moment or until it is revoked.

    The address is signed with the site's key and stands in no row, so that a copy of the database opens nothing.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="draft_links")
    note = models.CharField(
        _("for whom"), max_length=100, blank=True, help_text=_("Example: The auditor, to check the accounts")
    )
    created_at = models.DateTimeField(_("made"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    last_opened_at = models.DateTimeField(_("last opened"), null=True)

    objects = DraftLinkQuerySet.as_manager()
    shown_to_visitors = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("link to a draft")
        verbose_name_plural = _("links to drafts")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="drafts_link_lasts")]

    def __str__(self) -> str:
        return f"{self.page} ({self.note})" if self.note else str(self.page)

    def get_absolute_url(self) -> str:
        """Where the draft is read."""
        return reverse("drafts:draft", args=[self.token])

    @property
    def token(self) -> str:
        """What stands in the address."""
        return _signer.sign(str(self.pk))

    @staticmethod
    def pk_of(token: str) -> int | None:
        """Return the key of the row that an address means; nothing for one that we have not made."""
        try:
            return int(_signer.unsign(token))
        except (BadSignature, ValueError):
            return None

    @property
    def is_open(self) -> bool:
        """Whether it opens the draft now; the same rule as `objects.open_at`."""
        return self.revoked_at is None and self.expires_at > timezone.now()


@register_setting(icon="clipboard-list", order=80)
class ApprovalSettings(BaseGenericSetting):
    """What is printed on the sheet on which a draft is approved."""

    boxes = models.TextField(
        _("boxes for seals"),
        blank=True,
        help_text=_("One a line, in the order of approval. Without any, the usual four are printed."),
    )

    panels = [FieldPanel("boxes")]

    class Meta:
        verbose_name = _("approval on paper")

    def clean(self) -> None:
        """Keep the row of boxes on the width of a page."""
        super().clean()
        lines = self.lines
        if len(lines) > MAX_BOXES or any(len(line) > MAX_BOX_LENGTH for line in lines):
            words = gettext("At most %(boxes)d boxes of at most %(length)d characters fit on the sheet.")
            raise ValidationError({"boxes": words % {"boxes": MAX_BOXES, "length": MAX_BOX_LENGTH}})

    @property
    def lines(self) -> list[str]:
        """The boxes that were typed."""
        return [line.strip() for line in self.boxes.splitlines() if line.strip()]

    @property
    def printed(self) -> list[str]:
        """The boxes that are printed."""
        usual = [
            gettext("Drafted by"),
            gettext("Section chief"),
            gettext("Division head"),
            gettext("Secretary general"),
        ]
        return self.lines or usual
