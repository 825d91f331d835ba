"""The database's own full-text index: one row of tokens for each entry that the site knows.

An index is a table beside the entries' table; a migration makes it. The database itself drops the row of an entry that
goes, by a trigger on SQLite, by a foreign key on PostgreSQL. Whoever searches hands over a queryset of the entries that
may be found: permissions decide before anything is counted, ranked or cut.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.db import connections
from django.db.models import QuerySet

from .postgresql import PostgresIndex
from .query import Query
from .sqlite import SqliteIndex


class FullTextIndex(Protocol):
    """What an index can do, whatever the database."""

    def put(self, entry_id: int, title: str, body: str) -> None:
        """Index an entry, or index it anew. Both texts are folded."""

    def matching(self, entries: QuerySet[Any], query: Query) -> QuerySet[Any]:
        """Narrow the entries to those that hold every term."""

    def ranked_ids(self, entries: QuerySet[Any], query: Query, *, start: int, stop: int) -> list[int]:
        """Return one page of the entries that hold every term, the best first."""

    def missing_ids(self) -> list[int]:
        """Return the entries that have no row in the index."""

    def problems(self) -> list[str]:
        """Return what the database says is wrong inside the index."""


def full_text_index(*, entries_table: str, index_table: str, using: str = "default") -> FullTextIndex:
    """Return the index that fits the database."""
    connection = connections[using]
    kind = PostgresIndex if connection.vendor == "postgresql" else SqliteIndex
    return kind(connection, entries_table=entries_table, index_table=index_table)
