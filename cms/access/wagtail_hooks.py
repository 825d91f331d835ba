"""Wiring into Wagtail."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.viewsets.base import ViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from .enums import Audience
from .selectors import readable_files, readable_pages
from .selectors.reach import Reach, branch_changes, pages_wider_than
from .views import refuse_page
from .views.api import ReadableDocumentsAPIViewSet, ReadableImagesAPIViewSet
from .viewsets import GroupViewSet, SeatChooserViewSet


@hooks.register("before_serve_page", order=-1)
def gate_page(page: Page, request: HttpRequest, _args: Any, _kwargs: Any) -> HttpResponse | None:
    """Decide before Wagtail does, which knows of logged in and not, and would send who is logged in to log in again."""
    return refuse_page(request, page)


@hooks.register("construct_page_chooser_queryset")
def offer_readable_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Show an editor of one section no page of another that they could not read."""
    return readable_pages(pages)


@hooks.register("construct_image_chooser_queryset")
@hooks.register("construct_document_chooser_queryset")
def offer_readable_files(files: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The same of images and documents."""
    return readable_files(files)


@hooks.register("construct_admin_api", order=1)
def list_readable_files(router: WagtailAPIRouter) -> None:
    """The same in the admin's API: after Wagtail's own endpoints, and in their place."""
    router.register_endpoint("documents", ReadableDocumentsAPIViewSet)
    router.register_endpoint("images", ReadableImagesAPIViewSet)


@hooks.register("register_log_actions")
def register_rule_action(actions: LogActionRegistry) -> None:
    """Say in the history who changed whom a page is for."""

    @actions.register_action("access.rule_set")
    class RuleSet(LogFormatter):
        label = _("Change who may read")

        def format_message(self, log_entry: Any) -> str:
            groups = ", ".join(log_entry.data.get("groups", []))
            audience = Audience(log_entry.data["audience"]).label
            words = {"audience": f"{audience}: {groups}" if groups else audience}
            return gettext("Changed who may read to “%(audience)s”") % words


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    """Put the groups into the admin."""
    return [GroupViewSet(), SeatChooserViewSet()]


@hooks.register("insert_global_admin_js")
def show_reach_after_change() -> SafeString:
    """Bring the words of a rule up to date when its dialog closes."""
    return format_html('<script src="{}"></script>', static("access/js/reach.js"))


@hooks.register("before_move_page")
def say_what_a_move_changes(request: HttpRequest, page: Page, destination: Page) -> None:
    """Say before a move is confirmed who will be able to read the page after it."""
    if request.method != "GET":
        return
    now, then = branch_changes(page, destination)
    if not now.is_same_as(then):
        words = {"now": " ".join(now.sentences), "then": " ".join(then.sentences)}
        messages.warning(request, gettext("The move changes who may read. Now: %(now)s After it: %(then)s") % words)


@hooks.register("before_bulk_action")
def say_what_a_bulk_move_changes(
    request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction
) -> HttpResponse | None:
    """Ask once more, with who will be able to read which page, where the pages chosen are to be moved."""
    if action_type != "move" or action.model is not Page:
        return None
    destination = action.cleaned_form.cleaned_data["chooser"]
    if request.POST.get("told") == str(destination.pk):
        return None
    reaches = [(page, *branch_changes(page, destination)) for page in objects]
    changes = [(page, now, then) for page, now, then in reaches if not now.is_same_as(then)]
    if not changes:
        return None
    context = {**action.get_context_data(), "destination": destination, "changes": changes}
    return TemplateResponse(request, "access/admin/confirm_bulk_move.html", context)


@hooks.register("before_bulk_action")
def say_which_pages_would_miss_files(
    request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction
) -> HttpResponse | None:
    """Ask once more, with the pages that show the files chosen, where not all of their readers may have them then."""
    if action_type != "add_to_collection" or action.model not in {get_image_model(), get_document_model()}:
        return None
    collection = action.cleaned_form.cleaned_data["collection"]
    if request.POST.get("told") == str(collection.pk):
        return None
    pages = pages_wider_than(collection, action.model.objects.filter(pk__in=[one.pk for one in objects]))
    if not pages:
        return None
    context = {**action.get_context_data(), "collection": collection, "pages": pages}
    return TemplateResponse(request, "access/admin/confirm_bulk_collection.html", context)


@hooks.register("after_copy_page")
def say_who_reads_the_copy(request: HttpRequest, page: Page, copy: Page) -> None:
    """Say that a copy is for no more readers than its source, wherever it stands now."""
    reach = Reach.of(copy)
    if not reach.is_open:
        words = {"title": copy.get_admin_display_title(), "who": " ".join(reach.sentences)}
        text = gettext("“%(title)s” is for no more readers than what it was copied from. %(who)s")
        messages.info(request, text % words)
