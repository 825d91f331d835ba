"""The index on PostgreSQL: tsvectors of our tokens under a GIN index, in chunks.

A tsvector knows positions up to 16,383, and 255 of them for a lexeme, so a long text is cut into chunks. They overlap
by the longest possible phrase, so none is lost at a seam.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from .query import QUERY_LENGTH_LIMIT, Query, Term
from .ranking import with_title_tier
from .tokens import tokens

HEAD_LENGTH = 800
"""Tokens in the first chunk: ranking reads it, so it is short."""
CHUNK_LENGTH = 4000
CHUNK_OVERLAP = QUERY_LENGTH_LIMIT
POSITIONS_LIMIT = 240
"""Positions of one token in a body's vector. PostgreSQL silently drops those beyond 255, and the title needs some.
More than the overlap, or no cut would move on."""
_TITLE_GAP = 2
"""Positions between title and body, so that no phrase spans them."""
RANK_LIMIT = 1000
"""Hits that are weighed by their text. Further ones follow in the order of title and date: weighing reads each vector,
and a word that stands in more documents than that says little about any of them."""


class PostgresIndex:
    """Implements `FullTextIndex`."""

    def __init__(self, connection: BaseDatabaseWrapper, *, entries_table: str, index_table: str) -> None:
        self.connection = connection
        self.entries_table = entries_table
        self.table = index_table

    def put(self, entry_id: int, title: str, body: str) -> None:
        rows = [(entry_id, number, vector) for number, vector in enumerate(vectors(title, body))]
        with self.connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE entry_id = %s", [entry_id])  # noqa: S608 - our own table's name
            cursor.executemany(
                f"INSERT INTO {self.table} (entry_id, number, vector) VALUES (%s, %s, %s::tsvector)",  # noqa: S608 - as above
                rows,
            )

    def matching(self, entries: QuerySet[Any], query: Query) -> QuerySet[Any]:
        terms = [phrase(term) for term in query.terms]
        if not terms:
            return entries
        found = f"SELECT entry_id FROM {self.table} WHERE vector @@ %s::tsquery"  # noqa: S608 - our own table's name
        matches = Q(pk__in=RawSQL(found, [" & ".join(terms)]))  # noqa: S611 - the query is a parameter
        if len(terms) > 1:
            # In a long text the terms may stand in different chunks.
            in_any_chunk = " AND ".join(["bool_or(vector @@ %s::tsquery)"] * len(terms))
            found_in_long = (
                f"{found} AND entry_id IN (SELECT entry_id FROM {self.table} WHERE number = 1)"  # noqa: S608 - as above
                f" GROUP BY entry_id HAVING {in_any_chunk}"
            )
            matches |= Q(pk__in=RawSQL(found_in_long, [" | ".join(terms), *terms]))  # noqa: S611 - as above
        return entries.filter(matches)

    def ranked_ids(self, entries: QuerySet[Any], query: Query, *, start: int, stop: int) -> list[int]:
        by_title = with_title_tier(self.matching(entries, query), query).order_by("-tier", "-date", "-pk")
        if start >= RANK_LIMIT:
            return list(by_title.values_list("pk", flat=True)[start:stop])
        weighed = self._weighed(by_title, query)
        found = list(weighed.values_list("pk", flat=True)[start : min(stop, RANK_LIMIT)])
        return found if stop <= RANK_LIMIT else [*found, *by_title.values_list("pk", flat=True)[RANK_LIMIT:stop]]

    def _weighed(self, by_title: QuerySet[Any], query: Query) -> QuerySet[Any]:
        head = (
            f"(SELECT ts_rank(vector, %s::tsquery) FROM {self.table}"  # noqa: S608 - our own tables' names
            f" WHERE entry_id = {self.entries_table}.id AND number = 0)"
        )
        any_term = " | ".join(phrase(term) for term in query.terms)
        weight = Coalesce(RawSQL(head, [any_term], output_field=FloatField()), 0.0)  # noqa: S611 - as above
        best = by_title.values("pk")[:RANK_LIMIT]
        considered = by_title.model._default_manager.filter(pk__in=best)  # noqa: SLF001 - Django's public manager
        return with_title_tier(considered, query).annotate(weight=weight).order_by("-tier", "-weight", "-date", "-pk")

    def missing_ids(self) -> list[int]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {self.entries_table} WHERE id NOT IN (SELECT entry_id FROM {self.table})"  # noqa: S608 - our own names
            )
            return [row[0] for row in cursor.fetchall()]

    def problems(self) -> list[str]:
        return []


def vectors(title: str, body: str) -> Iterator[str]:
    """Yield the text forms of the tsvectors of an entry: the first with the title, weighted A, and the beginning."""
    for number, chunk in enumerate(_chunks(tokens(body))):
        yield _vector(tokens(title)[:POSITIONS_LIMIT] if number == 0 else [], chunk)


def _chunks(words: list[str]) -> Iterator[list[str]]:
    """Cut where the chunk is long enough or a token has as many positions as PostgreSQL keeps; overlap at each cut."""
    start, length = 0, HEAD_LENGTH
    while True:
        end = _end_of_chunk(words, start, start + length)
        yield words[start:end]
        if end >= len(words):
            return
        start, length = end - CHUNK_OVERLAP, CHUNK_LENGTH


def _end_of_chunk(words: list[str], start: int, end: int) -> int:
    seen: Counter[str] = Counter()
    for at, word in enumerate(words[start:end], start):
        seen[word] += 1
        if seen[word] > POSITIONS_LIMIT:
            return at
    return min(end, len(words))


def _vector(title: list[str], body: list[str]) -> str:
    positions: dict[str, list[str]] = defaultdict(list)
    for at, token in enumerate(title, 1):
        positions[token].append(f"{at}A")
    for at, token in enumerate(body, len(title) + _TITLE_GAP):
        positions[token].append(str(at))
    return " ".join(f"{_quoted(token)}:{','.join(found)}" for token, found in positions.items())


def phrase(term: Term) -> str:
    """Write a term in tsquery's language. Every token is quoted, so nothing in it can be an operator."""
    quoted = [_quoted(token) for token in term.tokens]
    return "(" + " <-> ".join(quoted) + (":*" if term.is_prefix else "") + ")"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
