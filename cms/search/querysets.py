"""Reads of the search's entries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cms.fulltext.query import Query

from .permissions import entries_visible_to


class EntryQuerySet(QuerySet[Any]):
    """Entries, narrowed before they are counted or ranked."""

    def visible_to(self, reader: Any) -> EntryQuerySet:
        """Keep what a person may find now."""
        return self.filter(entries_visible_to(reader))

    def narrowed(self, *, kind: str = "", fiscal_year: int | None = None) -> EntryQuerySet:
        """Keep one kind, one fiscal year, or both."""
        chosen = self.filter(kind=kind) if kind else self
        return chosen if fiscal_year is None else chosen.filter(fiscal_year=fiscal_year)

    def titled(self, query: Query) -> EntryQuerySet:
        """Keep those whose title holds every term."""
        found = self
        for term in query.terms:
            found = found.filter(title_key__contains=term.folded)
        return found
