"""What choosers tell of a thing by its number or address, in the place of Wagtail's: nothing that is closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView, ExternalLinkView
from wagtail.admin.views.generic.chooser import ChosenResponseMixin
from wagtail.images.views.chooser import SelectFormatResponseMixin
from wagtail.models import Page

from cms.access.selectors import readable_pages
from cms.access.selectors.references import Reference, closed_references, is_closed, is_key


def choosers_keep_to_what_is_open() -> None:
    """Let what a chooser answers of something be of what the editor may read. Once for the process."""
    for owner, name in (
        (ChosenResponseMixin, "get_chosen_response_data"),
        (SelectFormatResponseMixin, "render_select_format_response"),
    ):
        setattr(owner, name, _of_what_is_open(getattr(owner, name)))


def _of_what_is_open(answer: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(answer)
    def call(view: Any, item: Any, *args: Any, **kwargs: Any) -> Any:
        if is_closed(item):
            raise Http404
        return answer(view, item, *args, **kwargs)

    return call


class ReadableBrowseView(BrowseView):
    """Opens at the top where the page asked for, or the one above all of a type, is closed to the editor."""

    parent_page: Page

    def get_object_list(self) -> QuerySet[Any]:
        """Return what is below the page; Wagtail asks for that before it uses the page in any other way."""
        if not readable_pages(Page.objects.filter(pk=self.parent_page.pk)).exists():
            self.parent_page = Page.get_first_root_node()
        return super().get_object_list()


class ReadableChosenMultipleView(ChosenMultipleView):
    """Answers of pages that were ticked in the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        ticked = request.GET.getlist("id")
        if not all(is_key(one) for one in ticked) or closed_references(Reference(Page, one, "") for one in ticked):
            raise Http404
        return super().get(request)


class ReadableExternalLinkView(ExternalLinkView):
    """Makes an address of this site a link to its page; one that is closed to the editor stays an address."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = super().post(request)
        answer = json.loads(response.content)
        found = answer.get("internal") or answer.get("result") or {}
        if "id" in found and closed_references([Reference(Page, str(found["id"]), "")]):
            return self.render_chosen_response(self.get_result_data())
        return response
