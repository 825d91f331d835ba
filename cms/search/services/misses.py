"""Counts what was searched for in vain, so that staff learn which words the site lacks. Nothing tells who searched."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import F

from cms.calendar import today
from cms.fulltext.query import Query
from cms.search.conf import MISSED_QUERIES_A_DAY, MISSED_QUERIES_KEPT_FOR
from cms.search.models import MissedQuery

_PERSONAL = re.compile(r"@|\d[\d -]{6,}")
"""Mail addresses and telephone or account numbers: what people paste by mistake is not kept."""


@transaction.atomic
def missed_query_count(*, query: Query) -> None:
    """Count a query that found nothing on this day. What might identify a person is not kept, nor a flood of words."""
    words = query.folded[: MissedQuery.words.field.max_length]
    if not words or _PERSONAL.search(query.folded) or _PERSONAL.search(query.typed):
        return
    counted = MissedQuery.objects.filter(day=today(), words=words)
    if counted.update(count=F("count") + 1):
        return
    if MissedQuery.objects.filter(day=today()).count() < MISSED_QUERIES_A_DAY:
        MissedQuery.objects.get_or_create(day=today(), words=words)


def missed_queries_prune() -> int:
    """Delete what is older than a comparison with last year needs; return how many rows."""
    return MissedQuery.objects.filter(day__lt=today() - MISSED_QUERIES_KEPT_FOR).delete()[0]
