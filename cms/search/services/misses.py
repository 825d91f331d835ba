"""Counts what was searched for in vain, so that staff learn which words the site lacks. Nothing tells who searched."""

from __future__ import annotations

import re
import unicodedata

from django.db import transaction
from django.db.models import F

from cms.calendar import today
from cms.fulltext.query import Query
from cms.search.conf import MISSED_QUERIES_A_DAY, MISSED_QUERIES_KEPT_FOR
from cms.search.models import MissedQuery

_BETWEEN = r"(?:\W|[_ーの一局番])"
"""What stands between the digits of a telephone number: signs, marks like dashes, and the words of 03の1234番5678."""
_NUMBER = re.compile(rf"\d(?:{_BETWEEN}*\d){{6,}}")
"""Seven digits and more: telephone and account numbers, which people paste by mistake."""
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_YEARS = re.compile(rf"(?:19|20)\d\d(?:{_BETWEEN}+(?:19|20)\d\d)+")
"""Years one after the other, such as 2009-2010, are no such number."""


@transaction.atomic
def missed_query_count(*, query: Query) -> None:
    """Count a query that found nothing on this day. What might identify a person is not kept, nor a flood of words."""
    words = query.folded[: MissedQuery.words.field.max_length]
    if not words or may_identify(query.folded) or may_identify(query.typed):
        return
    counted = MissedQuery.objects.filter(day=today(), words=words)
    if counted.update(count=F("count") + 1):
        return
    if MissedQuery.objects.filter(day=today()).count() < MISSED_QUERIES_A_DAY:
        MissedQuery.objects.get_or_create(day=today(), words=words)


def may_identify(text: str) -> bool:
    """Tell whether a mail address or a long number stands in it. A name looks like any other word."""
    plain = unicodedata.normalize("NFKC", text).translate(_KANJI_DIGITS)
    return "@" in plain or any(not _YEARS.fullmatch(found[0]) for found in _NUMBER.finditer(plain))


def missed_queries_prune() -> int:
    """Delete what is older than a comparison with last year needs; return how many rows."""
    return MissedQuery.objects.filter(day__lt=today() - MISSED_QUERIES_KEPT_FOR).delete()[0]
