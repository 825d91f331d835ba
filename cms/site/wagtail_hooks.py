"""Wiring into Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction

from .services import content_changed
from .views.redirects import DeleteRedirects, RedirectImportView


@hooks.register("register_admin_urls", order=-1)
def import_urls() -> list[URLPattern]:
    """Stand before Wagtail's own import of redirects, at its addresses."""
    return [
        path("redirects/import/", RedirectImportView.as_view(), name="site_redirects_import"),
        path("redirects/import/process/", RedirectView.as_view(pattern_name="site_redirects_import")),
    ]


hooks.register("register_bulk_action", DeleteRedirects)


@hooks.register("after_bulk_action")
def show_what_was_done_at_once(request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction) -> None:
    """Put kept pages out of date: moving files to another collection, for fewer perhaps, sends no signal."""
    content_changed()
