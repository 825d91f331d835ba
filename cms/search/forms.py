"""What the address of a results page may say. Nothing in it is an error: what makes no sense is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cms.fulltext.query import QUERY_LENGTH_LIMIT, Query, parse

from .selectors import kind_labels

FISCAL_YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Search:
    """A query and what it is narrowed to, read from `?q=…&kind=…&fy=…`."""

    query: Query
    kind: str = ""
    fiscal_year: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Search:
        """Read an address; an unknown kind or year counts as none."""
        kind, year = given.get("kind", ""), given.get("fy", "")
        return cls(
            query=parse(given.get("q", "")[:QUERY_LENGTH_LIMIT]),
            kind=kind if kind in kind_labels() else "",
            fiscal_year=int(year) if year in map(str, FISCAL_YEARS) else None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is set."""
        return bool(self.kind) or self.fiscal_year is not None
