"""Views of the admin that would name a page or file to any editor, whether they may read it or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.contrib.redirects.views import IndexView as RedirectIndexView
from wagtail.contrib.redirects.views import RedirectTargetColumn
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.access.selectors import readable_files, readable_pages


class ReadableMoveConfirmView(MoveConfirmView):
    """Asks whether to move a page only whoever may move it, and only to a page that they may read."""

    def dispatch(self, request: HttpRequest, page_to_move_id: int, destination_id: int) -> HttpResponse:
        page = get_object_or_404(Page, pk=page_to_move_id)
        if not page.permissions_for_user(request.user).can_move():
            raise PermissionDenied
        get_object_or_404(readable_pages(Page.objects.all()), pk=destination_id)
        return super().dispatch(request, page_to_move_id, destination_id)


def desk_keeps_to_what_is_open() -> None:
    """Let bulk actions, the report on page types and redirects not name what is closed. Once for the process."""
    # Here, not where rows are read: actions of the plugins read their own.
    BulkAction.get_actionable_objects = _of_keys_that_rows_have(BulkAction.get_actionable_objects)
    BulkAction.get_queryset = classmethod(_of_what_is_open(BulkAction.get_queryset.__func__))
    PageTypesUsageReportView.decorate_paginated_queryset = _naming_what_is_open(
        PageTypesUsageReportView.decorate_paginated_queryset
    )
    RedirectIndexView.get_base_queryset = _knowing_what_is_open(RedirectIndexView.get_base_queryset)
    RedirectTargetColumn.get_value = _addressing_what_is_closed(RedirectTargetColumn.get_value)
    RedirectTargetColumn.get_url = _leading_to_what_is_open(RedirectTargetColumn.get_url)


def _of_what_is_open(get_chosen: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    @wraps(get_chosen)
    def call(action: type[BulkAction], model: type[Any], keys: Any) -> list[Any]:
        chosen = get_chosen(action, model, keys)
        keep = readable_pages if model is Page else readable_files
        if model in {Page, get_image_model(), get_document_model()}:
            listed = model.objects.filter(pk__in=[one.pk for one in chosen])
            open_keys = set(keep(listed).values_list("pk", flat=True))
            chosen = [one for one in chosen if one.pk in open_keys]
        if not chosen:
            raise Http404
        return chosen

    return call


def _of_keys_that_rows_have(get_actionable: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(get_actionable)
    def call(action: BulkAction) -> Any:
        try:
            for key in action.request.GET.getlist("id"):
                if key != "all":
                    action.model._meta.pk.clean(key, None)  # noqa: SLF001 - public name
        except ValidationError as error:
            raise Http404 from error
        return get_actionable(action)

    return call


def _naming_what_is_open(decorate: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(decorate)
    def call(view: PageTypesUsageReportView, types: Any) -> Any:
        types = decorate(view, types)
        named = [one.last_edited_page.pk for one in types if one.last_edited_page]
        open_keys = set(readable_pages(Page.objects.filter(pk__in=named)).values_list("pk", flat=True))
        for one in types:
            if one.last_edited_page and one.last_edited_page.pk not in open_keys:
                one.last_edited_page = None
        return types

    return call


def _knowing_what_is_open(get_base_queryset: Callable[..., QuerySet[Any]]) -> Callable[..., QuerySet[Any]]:
    @wraps(get_base_queryset)
    def call(view: RedirectIndexView) -> QuerySet[Any]:
        target = readable_pages(Page.objects.filter(pk=OuterRef("redirect_page")).order_by())
        return get_base_queryset(view).annotate(leads_to_open_page=Exists(target))

    return call


def _addressing_what_is_closed(get_value: Callable[..., Any]) -> Callable[..., Any]:
    """Say where it leads, as whoever follows it is told, and not to what."""

    @wraps(get_value)
    def call(column: RedirectTargetColumn, redirect: Any) -> Any:
        return get_value(column, redirect) if _may_be_named(redirect) else redirect.link

    return call


def _leading_to_what_is_open(get_url: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(get_url)
    def call(column: RedirectTargetColumn, redirect: Any) -> Any:
        return get_url(column, redirect) if _may_be_named(redirect) else None

    return call


def _may_be_named(redirect: Any) -> bool:
    return redirect.redirect_page_id is None or redirect.leads_to_open_page
