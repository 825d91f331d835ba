"""What the pages of the secretariat share: who is logged in, and a form that does one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

if TYPE_CHECKING:
    from cms.accounts.models import User

Trail = list[dict[str, Any]]
NAMED = 20
"""How many rows a page names one by one before it only counts them."""


def person_of(request: HttpRequest) -> User:
    """Return who is logged in: the permission has been checked, so somebody is."""
    return cast("User", request.user)


class DeskView(WagtailAdminTemplateMixin, FormView):
    """A form that does one thing; a refusal is said in the service's own words, and nothing typed is lost."""

    template_name = "members/admin/action.html"
    submit: Any = ""
    explanation: Any = ""

    @property
    def back_url(self) -> str:
        """Where the page comes from, and goes back to."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            sentence = self.act(form.cleaned_data)
        except ValidationError as error:
            is_of_form = set(getattr(error, "error_dict", {})) <= set(form.fields)
            form.add_error(None, error if is_of_form else error.messages)
            return self.form_invalid(form)
        messages.success(self.request, sentence)
        return redirect(self.back_url)

    def act(self, data: dict[str, Any]) -> str:
        """Do it, and return the sentence that says so."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"submit": self.submit, "explanation": self.explanation, "back_url": self.back_url}
        return super().get_context_data(**words, **kwargs)


class ListedAction(BulkAction):
    """Does something to the rows that were ticked, or to all that the list shows."""

    template_name = "members/admin/bulk_action.html"
    right: str
    list_view: type[IndexView]
    filterset: type[WagtailFilterSet]
    icon = "user"
    explanation: Any = ""
    submit: Any = ""

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Any]:
        return list(cls.rows().filter(pk__in=list(object_ids)).order_by(*cls.list_view.default_ordering))

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
