"""The search of the admin's lists and choosers: Wagtail's interface to our folding.

Wagtail's own backends find nothing in Japanese and answer 500 to a quotation mark or NUL. This one looks for parts of
folded text in a small table. There is no cap: the queryset of the list, permissions included, decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from wagtail.search.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
)
from wagtail.search.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from cms.fulltext.folding import fold
from cms.fulltext.query import parse

from .models import StaffEntry, table_of
from .services import staff_entry_put


class Compiler(BaseSearchQueryCompiler):
    """Turns a query into a condition on the entries of a table; filters and order stay the queryset's."""

    DEFAULT_OPERATOR = "and"
    column: ClassVar[str] = "text"

    def check(self) -> None:
        """Accept every filter and order: the database carries them out."""

    def entries(self) -> QuerySet[StaffEntry]:
        """Return the entries that match."""
        return StaffEntry.objects.filter(self._condition(self.query), model=table_of(self.queryset.model))

    def matching(self) -> QuerySet[Any]:
        """Return what matches; unless an order was asked for, first what is called as the query begins."""
        found = self.queryset.filter(pk__in=self.entries().values("object_id"))
        if not self.order_by_relevance:
            return found
        begins = StaffEntry.objects.filter(
            model=table_of(self.queryset.model), object_id=OuterRef("pk"), titles__startswith=self._folded()
        )
        return found.order_by(Exists(begins).desc(), *(found.query.order_by or ["pk"]))

    def _folded(self) -> str:
        return fold(getattr(self.query, "query_string", "")).strip()

    def _condition(self, query: SearchQuery) -> Q:
        if isinstance(query, And | Or):
            return _joined(
                (self._condition(part) for part in query.subqueries), any_of=isinstance(query, Or), empty=Q()
            )
        if isinstance(query, Not):
            return ~self._condition(query.subquery)
        if isinstance(query, Boost):
            return self._condition(query.subquery)
        if isinstance(query, MatchAll):
            return Q()
        return self._words(query)

    def _words(self, query: SearchQuery) -> Q:
        if not isinstance(query, PlainText | Phrase | Fuzzy):
            raise NotImplementedError(f"{type(query).__name__} is not supported by the search of the admin.")
        text = query.query_string
        typed = parse(f'"{text}"' if isinstance(query, Phrase) else text)
        terms = (Q(**{f"{self.column}__contains": term.folded}) for term in typed.terms)
        return _joined(terms, any_of=getattr(query, "operator", "and") == "or", empty=Q(pk__in=[]))


class TitleCompiler(Compiler):
    """Looks while one types, in titles only."""

    column = "titles"


class Results(BaseSearchResults):
    """What a list shows, in the shape that Wagtail expects."""

    supports_facet = True

    def _do_search(self) -> Iterator[Any]:
        found = self.query_compiler.matching()[self.start : self.stop]
        if self.prefetch_related:
            found = found.prefetch_related(*self.prefetch_related)
        for instance in found:
            if self._score_field:
                setattr(instance, self._score_field, None)
            yield instance

    def _do_count(self) -> int:
        return self.query_compiler.matching()[self.start : self.stop].count()

    def facet(self, field_name: str) -> dict[Any, int]:
        """Count the matches by the values of a field."""
        found = self.query_compiler.matching().order_by()
        rows = found.values(field_name).annotate(number=Count("pk")).order_by("-number")
        return {row[field_name]: row["number"] for row in rows}


class Index(BaseIndex):
    """The table of folded texts."""

    def reset(self) -> None:
        StaffEntry.objects.all().delete()

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        for item in items:
            staff_entry_put(instance=item)

    def delete_item(self, item: Model) -> None:
        StaffEntry.objects.filter(model=table_of(type(item)), object_id=item.pk).delete()


class Rebuilder:
    """Empties the table before `update_index` fills it again."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def start(self) -> Index:
        """Empty the table."""
        self.index.reset()
        return self.index

    def finish(self) -> None:
        """Nothing is left to do."""


class StaffSearchBackend(BaseSearchBackend):
    """Named in WAGTAILSEARCH_BACKENDS."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = TitleCompiler
    index_class = Index
    results_class = Results
    rebuilder_class = Rebuilder


SearchBackend = StaffSearchBackend


def _joined(conditions: Iterable[Q], *, any_of: bool, empty: Q) -> Q:
    joined: Q | None = None
    for condition in conditions:
        joined = condition if joined is None else joined | condition if any_of else joined & condition
    return empty if joined is None else joined
