"""Puts the choice of the theme into the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from .permissions import may_choose_theme
from .views import ThemeChoiceView, preview, preview_end


class ThemeMenuItem(MenuItem):
    """Shown to those who may choose."""

    def is_shown(self, request: HttpRequest) -> Any:
        return may_choose_theme(request.user)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Mount the choice and the preview at /admin/theme/."""
    return [
        path("theme/", ThemeChoiceView.as_view(), name="theming_choose"),
        path("theme/preview/", preview, name="theming_preview"),
        path("theme/preview/end/", preview_end, name="theming_preview_end"),
    ]


@hooks.register("register_settings_menu_item")
def register_menu_item() -> MenuItem:
    """Offer it among the settings, after the plugins."""
    return ThemeMenuItem(_("Theme"), reverse("theming_choose"), name="theme", icon_name="view", order=60)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name the entry that a choice leaves in the site's history."""
    actions.register_action("theming.choose", _("Choose theme"), _("Theme chosen"))
