"""Actions over the rows of a list that were ticked: of the core, and of plugins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import IndexView

NAMED = 20
"""How many rows a page names one by one before it only counts them."""


class ListedAction(BulkAction):
    """Does something to the rows that were ticked, or to all that the list shows."""

    template_name = "plugin_api/bulk_action.html"
    right: str
    list_view: type[IndexView]
    filterset: type[WagtailFilterSet]
    icon = "user"
    explanation: Any = ""
    submit: Any = ""

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Any]:
        ordering = cls.list_view.default_ordering
        ordering = [ordering] if isinstance(ordering, str) else ordering
        return list(cls.rows().filter(pk__in=list(object_ids)).order_by(*ordering))

    @classmethod
    def rows(cls) -> QuerySet[Any]:
        """Return what can be chosen."""
        raise NotImplementedError

    @staticmethod
    def words(row: Any) -> str:
        """Name a row on the page that asks."""
        return str(row)

    def check_perm(self, obj: Any) -> bool:
        return self.request.user.has_perm(self.right)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse who lacks the right; without it there is nothing to choose either."""
        if not request.user.has_perm(self.right):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """Take what the list shows under its filters and search, not every row of the register."""
        asked = QueryDict(urlsplit(self.next_url).query)
        found = self.filterset(asked, self.rows(), request=self.request).qs
        if asked.get("q"):
            search = self.list_view()
            search.search_query = asked["q"]
            found = search.search_queryset(found)
        return found.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [entry["item"] for entry in context["items"]]
        return {
            **context,
            "title": self.display_name,
            "icon": self.icon,
            "explanation": self.explanation,
            "submit": self.submit,
            "names": [self.words(row) for row in rows[:NAMED]],
            "more": max(0, len(rows) - NAMED),
        }
