"""Keeps the index equal to what the site shows. Every function may be called again at any time."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models
from wagtail.query import PageQuerySet

from cms.calendar import fiscal_year_of, today
from cms.fulltext.folding import fold
from cms.media.models import SiteDocument
from cms.plugin_api import owner_of
from cms.plugin_api.points import SearchRecord, SearchSource, search_sources
from cms.plugin_api.registry import get_plugin
from cms.search.conf import DOCUMENT_KIND, TEXT_LENGTH_LIMIT
from cms.search.models import Entry, EntryText
from cms.search.permissions import enabled_sources
from cms.search.selectors import site_index

from .content import PARAGRAPH, day_text, page_text

ROOT_DEPTH = 1


def indexed_pages() -> PageQuerySet[Any]:
    """Return the pages that have an entry. Which of them a person may find is decided at each search."""
    return Page.objects.live().filter(depth__gt=ROOT_DEPTH).order_by("pk")


def page_index(*, page_id: int) -> None:
    """Make a page findable as it is now; one that isn't live is forgotten."""
    page = indexed_pages().filter(pk=page_id).specific().first()
    if page is None:
        Entry.objects.filter(page_id=page_id).delete()
    else:
        _entry_put({"page_id": page_id}, kind=page._meta.label_lower, record=_page_record(page))  # noqa: SLF001 - public


def document_index(*, document_id: int) -> None:
    """Make a document findable by its title, its description, and the text inside it as far as that could be read."""
    document = SiteDocument.objects.filter(pk=document_id).select_related("extracted").first()
    if document is not None:
        _entry_put({"document_id": document_id}, kind=DOCUMENT_KIND, record=_document_record(document))


def object_index(*, kind: str, object_id: int) -> None:
    """Make an object of a plugin findable; one that is gone, or that its source hides, is forgotten."""
    for source in enabled_sources():
        if source.name == kind:
            _object_index(source, object_id)


def plugin_reindex(*, slug: str) -> None:
    """Index anew what switching a plugin changes: its own objects, and the pages that hold its blocks."""
    for source in enabled_sources():
        if source.model._meta.app_label == slug:  # noqa: SLF001 - Django's public _meta
            source_rebuild(source)
    for page_id in _pages_with_blocks_of(slug):
        page_index(page_id=page_id)


def source_rebuild(source: SearchSource) -> None:
    """Index the objects of one source anew."""
    kept = source.model._default_manager.values_list("pk", flat=True)  # noqa: SLF001 - Django's public manager
    Entry.objects.filter(kind=source.name).exclude(object_id__in=kept).delete()
    for object_id in kept:
        _object_index(source, object_id)


def _object_index(source: SearchSource, object_id: int) -> None:
    instance = source.model._default_manager.filter(pk=object_id).first()  # noqa: SLF001 - Django's public manager
    record = _record_of(source, instance) if instance is not None else None
    which = {"kind": source.name, "object_id": object_id}
    if record is None:
        Entry.objects.filter(**which).delete()
    else:
        _entry_put(which, kind=source.name, record=record)


def _record_of(source: SearchSource, instance: Any) -> SearchRecord | None:
    """Ask the plugin; what it can't describe is not found, and the objects after it are indexed all the same."""
    with search_sources.isolated(owner_of(source.record) or source.name):
        return source.record(instance)
    return None


def _page_record(page: Any) -> SearchRecord:
    published = page.first_published_at
    return SearchRecord(
        title=page.title,
        url="",
        text=page_text(page),
        day=getattr(page, "search_day", None),
        fiscal_year=getattr(page, "fiscal_year", None),
        updated=timezone.localdate(published) if published else None,
    )


def _document_record(document: Any) -> SearchRecord:
    extracted = getattr(document, "extracted", None)
    texts = [document.description, extracted.text if extracted else ""]
    return SearchRecord(
        title=document.title,
        url="",
        text=PARAGRAPH.join(text for text in texts if text),
        updated=timezone.localdate(document.created_at),
    )


@transaction.atomic
def _entry_put(which: dict[str, Any], *, kind: str, record: SearchRecord) -> None:
    body = record.text[:TEXT_LENGTH_LIMIT].replace("\x00", "")
    title_key = " ".join(fold(record.title).split())
    fiscal_year = record.fiscal_year or (fiscal_year_of(record.day) if record.day else None)
    entry, _created = Entry.objects.update_or_create(
        **which,
        defaults={
            "kind": kind,
            "title_key": title_key,
            "date": record.day or record.updated or today(),
            "fiscal_year": fiscal_year,
        },
    )
    EntryText.objects.update_or_create(entry=entry, defaults={"title": record.title, "body": body, "url": record.url})
    site_index().put(entry.pk, title_key, fold(f"{body}{PARAGRAPH}{day_text(record.day)}"))


def _pages_with_blocks_of(slug: str) -> set[int]:
    """Return the live pages in whose streams a block of the plugin stands, by its name in the stored JSON."""
    plugin = get_plugin(slug)
    names = plugin.blocks if plugin else ()
    return {
        page_id
        for model in get_page_models()
        for field in model._meta.get_fields()  # noqa: SLF001 - Django's public _meta
        if isinstance(field, StreamField)
        for name in names
        for page_id in model.objects.live()
        .annotate(stored=Cast(field.name, TextField()))
        .filter(stored__contains=f'"{name}"')
        .values_list("pk", flat=True)
    }
