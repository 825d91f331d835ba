"""Reads that span the page tree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Page, PageViewRestriction
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from cms.plugin_api.pages import enabled

EXPIRY_TOLD_AHEAD = timedelta(days=14)


def trail(home: Page, components: Sequence[str]) -> list[Page]:
    """Return the pages from home down to the deepest that the components of an address name, in one query.

    Each says as `is_restricted` whether it has a view restriction of its own.
    """
    addresses = list(accumulate(components, "{}{}/".format, initial=home.url_path))
    restricted = Exists(PageViewRestriction.objects.filter(page=OuterRef("pk")))
    found = Page.objects.filter(url_path__in=addresses, path__startswith=home.path).annotate(is_restricted=restricted)
    return list(found.order_by("path"))


def expiring_pages(user: Any) -> PageQuerySet[Page]:
    """Return the live pages that expire soon and that this person may edit, the first to go first."""
    mine: PageQuerySet[Page] = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    soon = timezone.now() + EXPIRY_TOLD_AHEAD
    return enabled(mine.live().filter(expire_at__lte=soon)).order_by("expire_at")


SPACED_WORD = re.compile(
    r"(?<![一-鿿々ぁ-ゖァ-ー0-9０-９a-zA-Z])[一-鿿](?:[ \u3000]+[一-鿿])+(?![一-鿿々ァ-ー0-9a-zA-Z])"
)
"""Single kanji with spaces between them, as in 「会　議の資料」: read out letter by letter, and not found by search.

Means the same in JavaScript, where the checks that run while somebody writes ask for it.
"""
LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)
SAYS_NOTHING = {
    "こちら",
    "ここ",
    "コチラ",
    "こちらから",
    "こちらをクリック",
    "詳細はこちら",
    "詳しくはこちら",
    "クリック",
    "here",
    "click here",
}
"""Texts of links that say nothing to somebody who goes from link to link (JIS X 8341-3, 2.4.4)."""


@dataclass(frozen=True)
class WritingFaults:
    """What readers with a screen reader stumble over in a page's text; each once, in the order of the page."""

    spaced: list[str]
    links: list[str]


def writing_faults(page: Page) -> WritingFaults:
    """Return the words with spaces inside, and the links whose text says nothing."""
    fields = page._meta.concrete_fields  # noqa: SLF001 - Django's public _meta
    texts = [text for field in fields for text in _texts(field.value_from_object(page))]
    links = [re.sub(r"<[^>]+>", "", text).strip() for whole in texts for text in LINK.findall(whole)]
    spaced = [word for text in texts for word in SPACED_WORD.findall(re.sub(r"<[^>]+>", "|", text))]
    return WritingFaults(
        spaced=list(dict.fromkeys(spaced)),
        links=list(dict.fromkeys(text for text in links if text.lower() in SAYS_NOTHING)),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, StreamValue):
        value = value.get_prep_value()
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
