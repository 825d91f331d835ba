"""The index on SQLite: an FTS5 table whose rowid is the entry's.

Tokens are cut by us, so FTS5's `ascii` tokeniser only has to split at spaces: it takes every character beyond ASCII for
a letter, while `unicode61` drops those that came after Unicode 6.1.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from .query import Query, Term
from .ranking import with_title_tier
from .tokens import tokens


class SqliteIndex:
    """Implements `FullTextIndex`."""

    def __init__(self, connection: BaseDatabaseWrapper, *, entries_table: str, index_table: str) -> None:
        self.connection = connection
        self.entries_table = entries_table
        self.table = index_table

    def put(self, entry_id: int, title: str, body: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE rowid = %s", [entry_id])  # noqa: S608 - our own table's name
            cursor.execute(
                f"INSERT INTO {self.table} (rowid, title, body) VALUES (%s, %s, %s)",  # noqa: S608 - as above
                [entry_id, " ".join(tokens(title)), " ".join(tokens(body))],
            )

    def matching(self, entries: QuerySet[Any], query: Query) -> QuerySet[Any]:
        found = f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s"  # noqa: S608 - our own table's name
        return entries.filter(pk__in=RawSQL(found, [match_expression(query)]))  # noqa: S611 - the query is a parameter

    def ranked_ids(self, entries: QuerySet[Any], query: Query, *, start: int, stop: int) -> list[int]:
        entries = with_title_tier(entries, query).order_by().values("id", "tier", "date")
        try:
            allowed, parameters = entries.query.sql_with_params()
        except EmptyResultSet:
            return []
        # CROSS JOIN keeps the order of the tables: the index first, then the entry of each hit.
        ranked = (
            f"SELECT hit.rowid FROM {self.table} AS hit CROSS JOIN ({allowed}) AS entry ON entry.id = hit.rowid"  # noqa: S608 - only our own names and Django's SQL
            f" WHERE {self.table} MATCH %s"
            f" ORDER BY entry.tier DESC, bm25({self.table}, 10.0, 1.0), entry.date DESC, hit.rowid DESC"
            " LIMIT %s OFFSET %s"
        )
        with self.connection.cursor() as cursor:
            cursor.execute(ranked, [*parameters, match_expression(query), stop - start, start])
            return [row[0] for row in cursor.fetchall()]

    def missing_ids(self) -> list[int]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {self.entries_table} WHERE id NOT IN (SELECT rowid FROM {self.table})"  # noqa: S608 - our own names
            )
            return [row[0] for row in cursor.fetchall()]

    def problems(self) -> list[str]:
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(f"INSERT INTO {self.table} ({self.table}) VALUES ('integrity-check')")  # noqa: S608 - our own name
            except DatabaseError as error:
                return [str(error)]
        return []


def match_expression(query: Query) -> str:
    """Write the query in FTS5's language. Every token is quoted, so nothing in it can be an operator."""
    return " AND ".join(_phrase(term) for term in query.terms)


def _phrase(term: Term) -> str:
    return '"' + " ".join(term.tokens) + '"' + (" *" if term.is_prefix else "")
