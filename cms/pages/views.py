"""Serves the page tree, and what the admin adds to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from wagtail import views as wagtail_views
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.admin.views.pages.create import CreateView
from wagtail.models import Page, Site
from wagtail.models.sites import SiteRootPath
from wagtail.url_routing import RouteResult

from cms.plugin_api import is_owner_on, owner_of
from cms.plugin_api.pages import is_page_enabled

from . import selectors, services
from .forms import ProposalForm
from .models import BasePage


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serve a page as Wagtail does, but find it with two queries however deep it lies."""
    site = find_site(request)
    if site is not None:
        # Where Wagtail keeps what it found; with it there, it doesn't look again.
        request._wagtail_route_for_request = _route(request, site, path)  # type: ignore[attr-defined]  # noqa: SLF001
    return wagtail_views.serve(request, path)


def find_site(request: HttpRequest) -> Site | None:
    """Where there is one site, which is the rule, let one query answer for it and for all addresses on the page.

    Wagtail looks the addresses up in the cache, which costs a query where the cache is a table.
    """
    sites = list(Site.objects.select_related("root_page__locale")[:2])
    if len(sites) == 1 and sites[0].is_default_site:
        (site,) = sites
        paths = [SiteRootPath(site.pk, site.root_page.url_path, site.root_url, site.root_page.locale.language_code)]
        # Where Wagtail keeps what it found, as below.
        request._wagtail_site = site  # type: ignore[attr-defined]  # noqa: SLF001
        request._wagtail_cached_site_root_paths = paths  # type: ignore[attr-defined]  # noqa: SLF001
    return Site.find_for_request(request)


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


class ProposalView(View):
    """Answers an editor's form while it is filled in: the title and slug that follow from what stands in it."""

    def get(self, request: HttpRequest, app_label: str, model_name: str) -> HttpResponse:
        return JsonResponse(ProposalForm(_page_type(app_label, model_name), request.GET).proposal())


def _page_type(app_label: str, model_name: str) -> type[BasePage]:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        raise Http404 from None
    if not issubclass(model, BasePage) or not is_owner_on(owner_of(model)):
        raise Http404
    return model


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


def refuse_other_name(request: HttpRequest) -> HttpResponse | None:
    """Ask again for the name that confirms the deletion of many pages; Wagtail asks in English only."""
    typed = request.POST.get("confirm_site_name")
    if not typed or typed == settings.WAGTAIL_SITE_NAME:
        return None
    messages.error(
        request, _("Nothing was deleted. Type “%(name)s” to confirm.") % {"name": settings.WAGTAIL_SITE_NAME}
    )
    return redirect(request.get_full_path())


class DeletePagesAction(DeleteBulkAction):
    """Deletes the chosen pages."""

    def post(self, request: HttpRequest) -> HttpResponse:
        return refuse_other_name(request) or super().post(request)


def creation_takes_turns() -> None:
    """Let pages that are added below one page at the same time be added one by one. Once for the process.

    Wagtail looks whether an address is free while it validates the form, and raises where it was taken since: by the
    draft that saves itself while somebody presses the button, or by somebody else.
    """
    CreateView.form_valid = _in_turn(CreateView.form_valid)


def _in_turn(form_valid: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(form_valid)
    def call(view: CreateView, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                get_object_or_404(Page.objects.order_by().select_for_update(), pk=view.parent_page.pk)
                view.parent_page.refresh_from_db()
                return form_valid(view, form)
        except ValidationError:
            form.instance.path, form.instance.depth = "", None
            form.restore_required_fields()
            sentence = _(
                "A page with this address was saved a moment ago, perhaps this one, by itself. "
                "Look for it in the list of pages, or choose another address."
            )
            form.add_error("slug" if "slug" in form.fields else None, sentence)
            return view.form_invalid(form)

    return call
