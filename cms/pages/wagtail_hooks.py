"""Adds to the admin: the lists of meetings, and the copy into the next fiscal year."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page, WorkflowState
from wagtail.snippets.models import register_snippet

from .selectors import writing_faults
from .services import can_continue
from .views import CopyToNextYearView, DeletePagesAction, ProposalView, refuse_other_name
from .viewsets import ExpiringPagesReport, JapaneseContentChecks, MeetingListing, MeetingSeriesViewSet

register_snippet(MeetingSeriesViewSet)


hooks.register("register_bulk_action", DeletePagesAction, order=1)
"""After Wagtail's, and in its place."""


@hooks.register("before_delete_page")
def confirm_by_name(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Delete many pages only when the site's name was typed."""
    return refuse_other_name(request)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what is written into the history of a page."""
    actions.register_action("pages.handover", _("Handed over"), _("Handed over to a successor"))


@hooks.register("register_admin_viewset")
def meeting_listing() -> MeetingListing:
    return MeetingListing("meetings")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    expiring = ExpiringPagesReport
    return [
        path("pages/<int:page_id>/next-year/", CopyToNextYearView.as_view(), name="pages_copy_to_next_year"),
        path("pages/proposal/<slug:app_label>/<slug:model_name>/", ProposalView.as_view(), name="pages_proposal"),
        path("reports/expiring/", expiring.as_view(), name="pages_expiring"),
        path("reports/expiring/results/", expiring.as_view(results_only=True), name="pages_expiring_results"),
    ]


class ExpiringPagesMenuItem(MenuItem):
    """Shown to those who work with pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the same permission as the report itself."""
        policy = ExpiringPagesReport().permission_policy
        return bool(policy.user_has_any_permission(request.user, ExpiringPagesReport.any_permission_required))


@hooks.register("register_reports_menu_item")
def register_expiring() -> MenuItem:
    return ExpiringPagesMenuItem(
        _("Pages about to expire"), reverse_lazy("pages_expiring"), icon_name="time", order=650
    )


class CopyToNextYearButton(PageMenuItem):
    """Offers the copy for page types that go on from year to year."""

    label = _("Copy to the next fiscal year")
    icon_name = "copy"
    url_name = "pages_copy_to_next_year"

    def is_shown(self, user: Any) -> bool:
        page = self.page.specific
        return can_continue(page) and page.permissions_for_user(user).can_copy_to(page.get_parent())


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Any, user: Any, next_url: str | None = None) -> Iterator[CopyToNextYearButton]:
    yield CopyToNextYearButton(page=page, priority=21)


@hooks.register("register_page_header_buttons")
def header_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[CopyToNextYearButton]:
    yield CopyToNextYearButton(page=page, priority=31)


@hooks.register("insert_editor_js")
def paste_cleanly() -> SafeString:
    """Take text from Word and Excel without its looks."""
    advice = gettext("A table was pasted as lines. For a table, add a Table part and paste into its first cell.")
    return format_html('<script src="{}" data-table-advice="{}"></script>', static("pages/js/clean_paste.js"), advice)


@hooks.register("construct_wagtail_userbar")
def check_japanese(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    """Check text as it is written, where Wagtail checks the rest: its panel beside the form asks here, too."""
    items[:] = [
        JapaneseContentChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


@hooks.register("before_edit_page")
def say_why_sent_back(request: HttpRequest, page: Page) -> None:
    """Show the comment with which a draft was sent back where it is put right; Wagtail keeps it in the history."""
    state = page.current_workflow_state
    if request.method != "GET" or state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    decision = state.current_task_state
    words = {"who": decision.finished_by.display_name if decision.finished_by else "–", "why": decision.comment or "–"}
    messages.warning(request, gettext("%(who)s sent this draft back: %(why)s") % words)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def advise_on_writing(request: HttpRequest, page: Page) -> None:
    """Say what readers who listen to the page will stumble over; nothing is refused."""
    if not request.accepts("text/html"):
        return
    faults = writing_faults(page)
    if faults.spaced:
        messages.warning(
            request,
            gettext("Spaces inside words are read out letter by letter, and search misses them: “%(words)s”.")
            % {"words": gettext("”, “").join(faults.spaced)},
        )
    if faults.links:
        messages.warning(
            request,
            gettext("Let the text of a link say where it leads: “%(words)s”.")
            % {"words": gettext("”, “").join(faults.links)},
        )
