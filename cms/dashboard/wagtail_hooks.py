"""Puts the switchboard into the admin."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import urls
from .permissions import may_toggle_plugins
from .viewsets import ToDoPanel


class SwitchboardMenuItem(MenuItem):
    """Shown to those who may use it."""

    def is_shown(self, request: HttpRequest) -> Any:
        return may_toggle_plugins(request.user)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    """Mount the switchboard at /admin/plugins/."""
    return [path("plugins/", include(urls))]


@hooks.register("register_settings_menu_item")
def register_menu_item() -> MenuItem:
    """Offer it among the settings."""
    return SwitchboardMenuItem(
        _("Plugins"), reverse("dashboard:plugins"), name="plugins", icon_name="sliders", order=50
    )


@hooks.register("construct_homepage_panels")
def add_to_dos(request: HttpRequest, panels: list[Any]) -> None:
    """Begin the home page with what has to be done."""
    panels.append(ToDoPanel())


@hooks.register("construct_help_menu")
def drop_news_of_wagtail(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out what is news to programmers: English, outside, and not what a secretariat works with."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith("whats-new-in-wagtail")]


@hooks.register("insert_global_admin_css")
def add_stylesheet() -> SafeString:
    """Show the association's name instead of Wagtail's mark."""
    return format_html('<link rel="stylesheet" href="{}">', static("dashboard/admin.css"))
