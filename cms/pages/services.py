"""What editors do with pages, apart from editing them."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db import transaction
from wagtail.models import Page

MAX_SLUG = 255


def can_continue(page: Page) -> bool:
    """Say whether the page's type can be taken over into the next fiscal year: it has `next_year_values()`."""
    return hasattr(page, "next_year_values")


@transaction.atomic
def page_copy_to_next_year(*, page: Any, by: Any) -> Page:
    """Copy the page as a draft of the next fiscal year, beside it, and return the copy.

    What the page's `next_year_values()` gives replaces what was there; what its type excludes from copies is empty.
    """
    values: dict[str, Any] = page.next_year_values()
    values["slug"] = free_slug(parent=page.get_parent(), wanted=values["slug"])
    copied: Page = page.copy(update_attrs=values, copy_revisions=False, keep_live=False, user=by)
    return copied


def free_slug(*, parent: Page, wanted: str) -> str:
    """Return the slug, or the first of slug-2, slug-3 … that no page below the parent has."""
    taken = set(parent.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (wanted if number == 1 else f"{wanted[: MAX_SLUG - 5]}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)
