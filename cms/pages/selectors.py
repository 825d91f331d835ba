"""Reads that span the page tree."""

from collections.abc import Sequence
from itertools import accumulate

from django.db.models import Exists, OuterRef
from wagtail.models import Page, PageViewRestriction


def trail(home: Page, components: Sequence[str]) -> list[Page]:
    """Return the pages from home down to the deepest that the components of an address name, in one query.

    Each says as `is_restricted` whether it has a view restriction of its own.
    """
    addresses = list(accumulate(components, "{}{}/".format, initial=home.url_path))
    restricted = Exists(PageViewRestriction.objects.filter(page=OuterRef("pk")))
    found = Page.objects.filter(url_path__in=addresses, path__startswith=home.path).annotate(is_restricted=restricted)
    return list(found.order_by("path"))
