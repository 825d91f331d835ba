"""Hears of what is saved and deleted, and has it indexed once that is committed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from wagtail.models import Page

from cms.media.models import SiteDocument
from cms.plugin_api.events import PluginToggled
from cms.plugin_api.points import search_sources
from cms.plugin_api.registry import get_plugin

from . import services, tasks
from .permissions import enabled_sources

BOOKKEEPING = frozenset(
    {
        "draft_title",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
    }
)
"""Fields that Wagtail saves alone with each draft; nothing that a visitor reads is among them."""


def follow_save(
    sender: type[Model], instance: Any, *, raw: bool = False, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Index what was saved. A draft changes nothing that can be found."""
    # A migration's models are none of ours.
    if raw or sender.__module__ == "__fake__" or (update_fields and BOOKKEEPING.issuperset(update_fields)):
        return
    if isinstance(instance, Page):
        _after_commit(tasks.index_page, instance.pk)
    elif isinstance(instance, SiteDocument):
        _follow_document(instance)
    else:
        _follow_object(sender, instance)


def follow_deletion(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Forget an object of a plugin. Entries of pages and documents go with them in the database."""
    if not isinstance(instance, Page | SiteDocument):
        _follow_object(sender, instance)


def follow_toggle(event: PluginToggled) -> None:
    """Index anew what a plugin shows, or no longer shows."""
    tasks.reindex_plugin.enqueue(event.slug)


def _follow_document(document: SiteDocument) -> None:
    _after_commit(tasks.index_document, document.pk)
    if services.document_note(document=document):
        _after_commit(tasks.read_document, document.pk)


def _follow_object(sender: type[Model], instance: Any) -> None:
    if _may_be_a_source(sender) and any(source.model is sender for source in enabled_sources()):
        _after_commit(tasks.index_object, sender._meta.label_lower, instance.pk)  # noqa: SLF001 - Django's public _meta


def _may_be_a_source(model: type[Model]) -> bool:
    """Say so without a query, since every save of every model asks."""
    plugin = get_plugin(model._meta.app_label)  # noqa: SLF001 - Django's public _meta
    return plugin is not None and search_sources.name in plugin.contributions


def _after_commit(task: Any, *args: Any) -> None:
    transaction.on_commit(partial(task.enqueue, *args))
