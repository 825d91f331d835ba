"""What may be found by whom. Nothing is counted, ranked, suggested or shown that has not passed here."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from cms.access.selectors import readable_files, reader_for
from cms.media.models import SiteDocument
from cms.pages.querysets import ShownPages
from cms.plugin_api.points import SearchSource, search_sources


def pages_visible_to(reader: Any) -> QuerySet[Page]:
    """Return the live pages that a person may read, none of a plugin that is off."""
    return ShownPages(Page).shown(reader_for(reader))


def documents_visible_to(reader: Any) -> QuerySet[SiteDocument]:
    """Return the documents that a person may download."""
    return readable_files(SiteDocument.objects.order_by(), reader_for(reader))


def enabled_sources() -> list[SearchSource]:
    """Return what the plugins that are on let the search find."""
    return search_sources.collect()


def entries_visible_to(reader: Any) -> Q:
    """Return the condition on entries under which a person may find them."""
    visible = Q(page__in=pages_visible_to(reader).order_by().values("pk"))
    visible |= Q(document__in=documents_visible_to(reader).values("pk"))
    for plugin, source in search_sources.collect_with_plugin():
        # Where a source can't say who may find its objects, nobody finds them.
        with search_sources.isolated(plugin):
            objects = source.visible_to(source.model._default_manager.all(), reader)  # noqa: SLF001 - Django's public manager
            visible |= Q(kind=source.name, object_id__in=objects.order_by().values("pk"))
    return visible
