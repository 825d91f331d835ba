"""Wiring into Wagtail."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.collections import Index
from wagtail.log_actions import LogActionRegistry, LogFormatter

from .views.collections import RESULTS
from .views.versions import WithholdView


@hooks.register("register_admin_urls")
def register_version_urls() -> list[URLPattern]:
    """Mount the view of a version below the admin."""
    return [path("document-versions/<int:pk>/withhold/", WithholdView.as_view(), name="media_version_withhold")]


@hooks.register("register_admin_urls")
def register_collections_url() -> list[URLPattern]:
    """Mount what the search in the list of collections asks for."""
    return [path("collections/results/", Index.as_view(results_only=True), name=RESULTS)]


@hooks.register("register_log_actions")
def register_version_actions(actions: LogActionRegistry) -> None:
    """Say in the history who replaced a file and why."""

    @actions.register_action("media.replaced")
    class Replaced(LogFormatter):
        label = _("Replace file")

        def format_message(self, log_entry: Any) -> str:
            return gettext("Replaced the file of version %(number)d: %(reason)s") % log_entry.data

    actions.register_action("media.version_withheld", _("Withhold version"), _("Withheld an earlier version"))
    actions.register_action("media.version_shown", _("Show version"), _("Showed an earlier version again"))
