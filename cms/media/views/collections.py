"""Searches Wagtail's list of collections, which shows all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.collections import Index

RESULTS = "media_collections_results"


def collections_can_be_searched() -> None:
    """Let collections be found by their name. Once for the process."""
    Index.search_fields = ["name"]
    Index.index_results_url_name = RESULTS
    # Wagtail's own says of a search in vain that there are no collections.
    Index.results_template_name = "wagtailadmin/generic/index_results.html"
    Index.get_queryset = _searched(Index.get_queryset)


def _searched(get_queryset: Callable[..., QuerySet[Any]]) -> Callable[..., QuerySet[Any]]:
    @wraps(get_queryset)
    def call(view: Index) -> Any:
        return view.search_queryset(get_queryset(view))

    return call
