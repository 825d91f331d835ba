"""What other libraries tell this room, and what it gives to the admin's home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from cms.plugin_api.points import ToDo

from .enums import DeliveryState, NoticeState, Reason
from .models import Delivery, Notice
from .permissions import CHANGE_MAIL
from .services.webhooks import tracking_record

FAILURES_TOLD_FOR = timedelta(days=7)
NOTICE_IS_LATE_AFTER = timedelta(minutes=10)
WANTED = (Reason.OPTED_OUT, Reason.SUSPENDED)
"""Failures that somebody chose."""


def receive_tracking(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Hear what a mail service reports; anymail has checked its signature."""
    tracking_record(event=event)


def _late_notices() -> ToDo:
    late = Notice.objects.due(timezone.now() - NOTICE_IS_LATE_AFTER).count()
    sentence = ngettext(
        "%(count)d scheduled notice could not be sent: its audience is missing, or empty.",
        "%(count)d scheduled notices could not be sent: their audiences are missing, or empty.",
        late,
    )
    return ToDo(sentence % {"count": late}, f"{reverse('mail_notices:index')}?state={NoticeState.SCHEDULED}", late)


def to_dos(user: AbstractUser) -> Iterator[ToDo]:
    """Tell those who may do something about it of mail that did not arrive, or may not have."""
    if not user.has_perm(CHANGE_MAIL):
        return
    lately = Q(state=DeliveryState.FAILED, finished_at__gte=timezone.now() - FAILURES_TOLD_FOR)
    numbers = Delivery.objects.aggregate(
        failed=Count("pk", filter=lately & ~Q(reason__in=WANTED)),
        unknown=Count("pk", filter=Q(state=DeliveryState.UNKNOWN)),
    )
    failed = ngettext(
        "%(count)d mail failed in the last seven days.",
        "%(count)d mails failed in the last seven days.",
        numbers["failed"],
    )
    unknown = ngettext(
        "Of %(count)d mail nobody knows whether it was sent; please decide.",
        "Of %(count)d mails nobody knows whether they were sent; please decide.",
        numbers["unknown"],
    )
    yield _late_notices()
    address = reverse("mail_admin:deliveries")
    for state, words in (("unknown", unknown), ("failed", failed)):
        yield ToDo(words % {"count": numbers[state]}, f"{address}?state={state}", numbers[state])
