"""What may be found by whom. Nothing is counted, ranked, suggested or shown that has not passed here."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Collection, CollectionViewRestriction, Page

from cms.media.models import SiteDocument
from cms.pages.querysets import ShownPages
from cms.plugin_api.points import SearchSource, search_sources


def pages_visible_to(reader: Any) -> QuerySet[Page]:
    """Return the live pages that a person may read: none behind a restriction, none of a plugin that is off."""
    return ShownPages(Page).shown()


def documents_visible_to(reader: Any) -> QuerySet[SiteDocument]:
    """Return the documents that a person may download: those of collections that nobody has restricted."""
    closed = Q()
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        closed |= Q(path__startswith=path)
    documents = SiteDocument.objects.order_by()
    return documents.exclude(collection__in=Collection.objects.filter(closed)) if closed else documents


def enabled_sources() -> list[SearchSource]:
    """Return what the plugins that are on let the search find."""
    return search_sources.collect()


def entries_visible_to(reader: Any) -> Q:
    """Return the condition on entries under which a person may find them."""
    visible = Q(page__in=pages_visible_to(reader).order_by().values("pk"))
    visible |= Q(document__in=documents_visible_to(reader).values("pk"))
    for source in enabled_sources():
        objects = source.visible_to(source.model._default_manager.all(), reader)  # noqa: SLF001 - Django's public manager
        visible |= Q(kind=source.name, object_id__in=objects.order_by().values("pk"))
    return visible
