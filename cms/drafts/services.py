"""What is done to links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from .enums import Lasting
from .models import DraftLink


@transaction.atomic
def draft_link_make(*, page: Any, lasting: Lasting, note: str = "", by: Any = None) -> DraftLink:
    """Make a link that opens the latest draft of the page for some days; the page's history says who made it."""
    now = timezone.now()
    link: DraftLink = DraftLink.objects.create(
        page_id=page.pk, note=note, created_at=now, created_by=by, expires_at=now + timedelta(days=lasting)
    )
    log(instance=page, action="drafts.link_made", user=by, data={"note": note, "days": int(lasting)})
    return link


@transaction.atomic
def draft_link_revoke(*, link: DraftLink, by: Any = None) -> None:
    """Let a link open nothing from now on. Revoked again, nothing happens."""
    if DraftLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        log(instance=link.page.specific, action="drafts.link_revoked", user=by, data={"note": link.note})


def draft_link_opened(*, link: DraftLink) -> None:
    """Count a reading, so that whoever made the link sees that it arrived."""
    DraftLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())
