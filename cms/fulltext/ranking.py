"""The part of the order of hits that both databases share."""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from .query import Query


def with_title_tier(entries: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """Annotate `tier`: 2 where the query is the title, 1 where the title holds every term, else 0."""
    in_title = Q()
    for term in query.terms:
        in_title &= Q(title_key__contains=term.folded)
    tier = Case(
        When(title_key=query.folded, then=Value(2)),
        When(in_title, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return entries.annotate(tier=tier)
