"""Serves the page tree, and what the admin adds to it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from wagtail import views as wagtail_views
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from cms.plugin_api.pages import is_page_enabled

from . import selectors, services


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serve a page as Wagtail does, but find it with two queries however deep it lies."""
    site = Site.find_for_request(request)
    if site is not None:
        # Where Wagtail keeps what it found; with it there, it doesn't look again.
        request._wagtail_route_for_request = _route(request, site, path)  # type: ignore[attr-defined]  # noqa: SLF001
    return wagtail_views.serve(request, path)


def _route(request: HttpRequest, site: Site, path: str) -> RouteResult | None:
    """Ask the deepest page that the address names; it answers for what follows its own address.

    Wagtail asks the pages above it first, one by one, with two queries each. All that those may object to here is that
    their plugin, or that of a page above, is off.
    """
    components = [component for component in path.split("/") if component]
    trail = selectors.trail(site.root_page, components)
    if not trail or not is_page_enabled(trail[-1]):
        return None
    page: Page = trail[-1].specific
    page.trail = trail
    try:
        return page.route(request, components[len(trail) - 1 :])
    except Http404:
        return None


class CopyToNextYearView(View):
    """Asks, then copies a page into the next fiscal year and opens the copy for editing."""

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponseBase:
        self.page = get_object_or_404(Page, pk=page_id).specific
        if not services.can_continue(self.page):
            raise Http404
        if not self.page.permissions_for_user(request.user).can_copy_to(self.page.get_parent()):
            raise PermissionDenied
        return super().dispatch(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        title = _("Copy to the next fiscal year")
        context = {"header_title": title, "page_title": title, "header_icon": "copy", "page": self.page}
        context |= {"page_subtitle": self.page.title, "values": self.page.next_year_values()}
        return render(request, "pages/admin/copy_to_next_year.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        copied = services.page_copy_to_next_year(page=self.page, by=request.user)
        messages.success(request, _("“%(title)s” is ready as a draft.") % {"title": copied.title})
        return redirect("wagtailadmin_pages:edit", copied.pk)
