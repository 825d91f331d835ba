"""Wiring into Wagtail."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter

from .views import desk


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Mount the views below the admin."""
    return [
        path("pages/<int:page_id>/draft-links/", desk.DraftLinksView.as_view(), name="drafts_links"),
        path("pages/<int:page_id>/approval-sheet/", desk.approval_sheet, name="drafts_sheet"),
        path("draft-links/<int:pk>/revoke/", desk.revoke, name="drafts_revoke"),
    ]


class DraftButton(PageMenuItem):
    """Shown to those who may edit the page."""

    def is_shown(self, user: Any) -> bool:
        """Ask what the view will ask."""
        return bool(self.page.depth > 1 and self.page.permissions_for_user(user).can_edit())


class DraftLinksButton(DraftButton):
    """Leads to the links."""

    label = _("Links to the draft")
    icon_name = "link"
    url_name = "drafts_links"


class ApprovalSheetButton(DraftButton):
    """Leads to the sheet."""

    label = _("Print for approval")
    icon_name = "clipboard-list"
    url_name = "drafts_sheet"


@hooks.register("register_page_header_buttons")
def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[DraftButton]:
    """Offer both in the page's form."""
    yield DraftLinksButton(page=page, priority=32)
    yield ApprovalSheetButton(page=page, priority=33)


@hooks.register("register_log_actions")
def register_link_actions(actions: LogActionRegistry) -> None:
    """Say in the history who let whom read a draft."""

    @actions.register_action("drafts.link_made")
    class LinkMade(LogFormatter):
        label = _("Make a link to the draft")

        def format_message(self, log_entry: Any) -> str:
            words = {"days": log_entry.data["days"], "note": log_entry.data["note"] or "–"}
            return gettext("Made a link to the draft (%(days)d days; for: %(note)s)") % words

    actions.register_action("drafts.link_revoked", _("Revoke a link to the draft"), _("Revoked a link to the draft"))
