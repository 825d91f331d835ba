"""Adds to the admin: the lists of meetings, and the copy into the next fiscal year."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.snippets.models import register_snippet

from .services import can_continue
from .views import CopyToNextYearView
from .viewsets import MeetingListing, MeetingSeriesViewSet

register_snippet(MeetingSeriesViewSet)


@hooks.register("register_admin_viewset")
def meeting_listing() -> MeetingListing:
    return MeetingListing("meetings")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("pages/<int:page_id>/next-year/", CopyToNextYearView.as_view(), name="pages_copy_to_next_year")]


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
