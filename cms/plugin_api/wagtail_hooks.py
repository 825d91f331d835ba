"""Keeps plugins that are off out of the admin's menus, choosers and reports, and out of links in rich text."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from .gate import owner_of_url
from .lists import lists_narrowed
from .pages import enabled, is_page_enabled
from .state import is_owner_on

LAST = 10_000


@hooks.register("construct_main_menu", order=LAST)
@hooks.register("construct_settings_menu", order=LAST)
@hooks.register("construct_reports_menu", order=LAST)
@hooks.register("construct_help_menu", order=LAST)
def drop_items_of_closed_plugins(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Filter here, because what the registering hooks answered is kept for the life of the process."""
    menu_items[:] = [item for item in menu_items if _leads_somewhere(item, request)]


def _leads_somewhere(item: MenuItem, request: HttpRequest) -> bool:
    menu = getattr(item, "menu", None)
    if menu is not None:
        return any(_leads_somewhere(child, request) for child in menu.menu_items_for_request(request))
    return is_owner_on(_owner_of_item(str(item.url)))


@cache
def _owner_of_item(url: str) -> str | None:
    """Ask once for the process: menus are the same few items, and each costs a way through all addresses."""
    return owner_of_url(url)


@hooks.register("construct_page_chooser_queryset")
def offer_only_open_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Let nobody link to a page that answers 404."""
    return enabled(pages)


lists_narrowed()


@hooks.register("register_permissions")
def register_toggle_permission() -> QuerySet[Permission]:
    """Let a group be given the right to switch plugins."""
    return Permission.objects.filter(content_type__app_label="plugin_api", codename="toggle_plugin")


class OpenPageLinkHandler(PageLinkHandler):
    """Prints a link to a closed page as its text alone; Wagtail would print `href="None"`."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        urls = (page.localized.url if page else None for page in cls.get_many(attrs_list))
        return [format_html('<a href="{}">', url) if url else "<a>" for url in urls]


link_of_redirect = Redirect.link.func


def link_to_open_page(redirect: Redirect) -> str | None:
    """Lead nowhere while the page is closed. Wagtail puts a route of the page behind its address, which it has none."""
    page = redirect.redirect_page
    return link_of_redirect(redirect) if page is None or is_page_enabled(page) else None


Redirect.link = property(link_to_open_page)


@hooks.register("register_rich_text_features", order=LAST)
def link_only_to_open_pages(features: FeatureRegistry) -> None:
    """Replace Wagtail's handler of page links."""
    features.register_link_type(OpenPageLinkHandler)
