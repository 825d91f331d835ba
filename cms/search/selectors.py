"""Finds: the results page, its filters, and suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Value, When
from django.db.models.functions import Length, Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models

from cms.calendar import FiscalYear
from cms.fulltext.index import FullTextIndex, full_text_index
from cms.fulltext.query import Query
from cms.fulltext.snippets import Segment, mark, snippet
from cms.media.models import SiteDocument

from .conf import DOCUMENT_KIND, SNIPPET_SOURCE_LENGTH, SUGGESTION_LIMIT
from .models import ENTRIES_TABLE, INDEX_TABLE, Entry
from .permissions import enabled_sources

PageUrl = Callable[[Page], str | None]
"""Gives a page its address. A view binds its request, which remembers the sites between one page and the next."""


def site_index() -> FullTextIndex:
    """Return the full-text index of the site's entries."""
    return full_text_index(entries_table=ENTRIES_TABLE, index_table=INDEX_TABLE)


@dataclass(frozen=True)
class Hit:
    """One line of the results page."""

    title: list[Segment]
    url: str
    kind: str | Promise
    file: SiteDocument | None
    """The document itself, for its type and size."""
    date: date | None
    """The day of what is found, where it has one of its own."""
    snippet: list[Segment]


@dataclass(frozen=True)
class Choice:
    """One value by which results can be narrowed, with what would be left."""

    value: str
    label: str | Promise
    count: int


@dataclass(frozen=True)
class Suggestion:
    """A title that somebody may have meant."""

    title: str
    url: str


class Results:
    """What a reader finds for a query, narrowed to a kind and a fiscal year, in the shape that a Paginator takes.

    Counting and ranking happen among what the reader may see, and nothing is loaded but the page that is shown.
    """

    def __init__(
        self,
        query: Query,
        *,
        reader: Any,
        kind: str = "",
        fiscal_year: int | None = None,
        page_url: PageUrl = Page.get_url,
    ) -> None:
        self.query = query
        self.kind = kind
        self.fiscal_year = fiscal_year
        self.page_url = page_url
        self._visible = Entry.objects.visible_to(reader)

    @cached_property
    def _counts(self) -> Counter[tuple[str, int | None]]:
        """How many of each kind and fiscal year match, all filters open: one query for the total and every filter."""
        if not self.query:
            return Counter()
        found = site_index().matching(self._visible, self.query).order_by()
        rows = found.values_list("kind", "fiscal_year").annotate(number=Count("pk"))
        return Counter({(kind, year): number for kind, year, number in rows})

    def _is_chosen(self, kind: str, year: int | None) -> bool:
        return (not self.kind or kind == self.kind) and self.fiscal_year in (None, year)

    def count(self) -> int:
        """Return the total under the chosen filters."""
        return sum(number for key, number in self._counts.items() if self._is_chosen(*key))

    @property
    def total(self) -> int:
        """The total with all filters open."""
        return self._counts.total()

    @property
    def kinds(self) -> list[Choice]:
        """The kinds among what the chosen fiscal year leaves, the most frequent first."""
        numbers: Counter[str] = Counter()
        for (kind, year), number in self._counts.items():
            numbers[kind] += number if self.fiscal_year in (None, year) else 0
        labels = kind_labels()
        return [Choice(kind, labels[kind], number) for kind, number in numbers.most_common() if kind in labels]

    @property
    def fiscal_years(self) -> list[Choice]:
        """The fiscal years among what the chosen kind leaves, the latest first."""
        numbers: Counter[int] = Counter()
        for (kind, year), number in self._counts.items():
            if year is not None:
                numbers[year] += number if not self.kind or kind == self.kind else 0
        return [Choice(str(year), FiscalYear(year).label, numbers[year]) for year in sorted(numbers, reverse=True)]

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Hit]:
        if not isinstance(part, slice):
            raise TypeError("Only pages are loaded.")  # templates try results["total"] first
        if not self.count():
            return []
        narrowed = self._visible.narrowed(kind=self.kind, fiscal_year=self.fiscal_year)
        ids = site_index().ranked_ids(narrowed, self.query, start=part.start or 0, stop=part.stop)
        return hits(ids, self.query, page_url=self.page_url)


def hits(ids: list[int], query: Query, *, page_url: PageUrl) -> list[Hit]:
    """Load what a results page prints of these entries, in this order: one query."""
    labels = kind_labels()
    entries = Entry.objects.select_related("page", "document").annotate(
        shown_title=F("text__title"), url=F("text__url"), beginning=Substr("text__body", 1, SNIPPET_SOURCE_LENGTH)
    )
    found = entries.in_bulk(ids)
    return [_hit(found[pk], query, labels, page_url) for pk in ids if pk in found]


def _hit(entry: Any, query: Query, labels: Mapping[str, str | Promise], page_url: PageUrl) -> Hit:
    has_own_day = entry.fiscal_year is not None
    return Hit(
        title=mark(entry.shown_title, query),
        url=_url(entry, page_url),
        kind=labels.get(entry.kind, ""),
        file=entry.document,
        date=entry.date if has_own_day else None,
        snippet=snippet(entry.beginning, query),
    )


def _url(entry: Any, page_url: PageUrl) -> str:
    if entry.page is not None:
        return page_url(entry.page) or ""
    return entry.document.url if entry.document is not None else entry.url


def kind_labels() -> dict[str, str | Promise]:
    """Return how each kind of entry is called: the name of the page type, of documents, of a plugin's source."""
    page_types = {model._meta.label_lower: model._meta.verbose_name for model in get_page_models()}  # noqa: SLF001 - public
    sources = {source.name: source.label for source in enabled_sources()}
    return {**page_types, DOCUMENT_KIND: _("Document"), **sources}


def alternatives(query: Query, *, reader: Any) -> list[Choice]:
    """Return which of several words would be found alone, for whoever found nothing with all of them."""
    if len(query.terms) < 2:
        return []
    numbers = [(term, Results(replace(query, terms=(term,)), reader=reader).total) for term in query.terms]
    return [Choice(term.folded, term.typed, number) for term, number in numbers if number]


def suggestions(query: Query, *, reader: Any, page_url: PageUrl = Page.get_url) -> list[Suggestion]:
    """Return a few titles that hold every term, those that begin with the query first, then the shorter."""
    if not query:
        return []
    begins = Case(
        When(title_key__startswith=query.folded, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    entries = Entry.objects.visible_to(reader).titled(query).select_related("page", "document")
    entries = entries.annotate(begins=begins, shown_title=F("text__title"), url=F("text__url"))
    ordered = entries.order_by("begins", Length("title_key"), "-date", "pk")[:SUGGESTION_LIMIT]
    return [Suggestion(title=entry.shown_title, url=_url(entry, page_url)) for entry in ordered]
