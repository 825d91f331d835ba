"""What scheduled publishing may touch now: nothing that belongs to a plugin that is off, or lies below such a page."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from .ownership import owner_of
from .pages import is_page_enabled
from .state import is_owner_on


def expired_objects() -> list[Any]:
    """Return the live objects whose time is over, oldest first within their model."""
    drafts = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    models = [Page, *(model for model in drafts if not issubclass(model, Page))]
    return [
        instance
        for model in models
        for instance in model.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")
        if is_open(instance)
    ]


def due_revisions() -> list[Revision]:
    """Return the approved revisions whose time has come, oldest first."""
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")
    return [revision for revision in due if is_open(revision.content_object)]


def is_open(instance: Model | None) -> bool:
    """Say whether the plugin of a page or other object, if it has one, lets it be published now."""
    if instance is None:
        return False
    if isinstance(instance, Page):
        return is_page_enabled(instance)
    return is_owner_on(owner_of(instance))
