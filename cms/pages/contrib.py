"""What the pages give to the admin's home."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.models import TaskState, WorkflowState

from cms.calendar.clock import tokyo_date
from cms.plugin_api.points import ToDo

from .selectors import expiring_pages


def to_dos(user: AbstractUser) -> Iterator[ToDo]:
    """Tell of what waits for one's approval, what came back, and what is about to expire."""
    yield _awaiting(user)
    yield _sent_back(user)
    yield _expiring(user)


def _awaiting(user: AbstractUser) -> ToDo:
    count = TaskState.objects.reviewable_by(user).count()
    words = ngettext("%(count)d draft waits for your approval.", "%(count)d drafts wait for your approval.", count)
    return ToDo(words % {"count": count}, f"{reverse('wagtailadmin_reports:workflow')}?reviewable=true", count)


def _sent_back(user: AbstractUser) -> ToDo:
    status = WorkflowState.STATUS_NEEDS_CHANGES
    count = WorkflowState.objects.filter(status=status, requested_by=user).count()
    words = ngettext("%(count)d of your drafts was sent back.", "%(count)d of your drafts were sent back.", count)
    address = f"{reverse('wagtailadmin_reports:workflow')}?status={status}&requested_by={user.pk}"
    return ToDo(words % {"count": count}, address, count)


def _expiring(user: AbstractUser) -> ToDo:
    numbers = expiring_pages(user).order_by().aggregate(count=Count("pk"), first=Min("expire_at"))
    count, first = numbers["count"], numbers["first"]
    words = ngettext("%(count)d page expires soon.", "%(count)d pages expire soon.", count)
    due = tokyo_date(first) if first else None
    return ToDo(words % {"count": count}, reverse("pages_expiring"), count, due)
