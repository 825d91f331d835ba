"""What the switchboard shows of each plugin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .enums import PluginState
from .manifest import Plugin
from .models import ContributionError, PluginToggle
from .pages import plugin_page_models
from .registry import get_plugin, installed_plugins
from .state import plugin_state

ERRORS_SHOWN_FOR = timedelta(days=30)
"""What hasn't happened again for so long has been repaired."""


@dataclass(frozen=True)
class PluginReport:
    """A plugin with everything that an administrator decides by."""

    plugin: Plugin
    state: PluginState
    last_toggle: PluginToggle | None = None
    errors: list[ContributionError] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.plugin.slug

    @property
    def is_on(self) -> bool:
        return self.state == PluginState.ON

    @property
    def is_switchable(self) -> bool:
        """A dormant plugin is switched by the deployment, not here."""
        return self.state != PluginState.DORMANT

    @property
    def requires(self) -> list[tuple[str, bool]]:
        """What it can't do without, by title, and whether that is on."""
        return [_title_and_state(slug) for slug in self.plugin.requires]

    @property
    def uses(self) -> list[tuple[str, bool]]:
        """What it gets on with better, by title, and whether that is on."""
        return [_title_and_state(slug) for slug in self.plugin.uses]

    @property
    def needed_by(self) -> list[str]:
        """The titles of the plugins that can't do without it."""
        return [str(other.title) for other in installed_plugins() if self.slug in other.requires]


def _title_and_state(slug: str) -> tuple[str, bool]:
    plugin = get_plugin(slug)
    if plugin is None:
        return slug, False
    return str(plugin.title), plugin_state(slug) == PluginState.ON


def plugin_reports() -> list[PluginReport]:
    """Return the report of every installed plugin, in slug order, for two queries and the state."""
    toggles = {toggle.plugin: toggle for toggle in PluginToggle.objects.last_of_each_plugin()}
    errors: dict[str, list[ContributionError]] = {}
    for error in ContributionError.objects.filter(last_at__gte=timezone.now() - ERRORS_SHOWN_FOR):
        errors.setdefault(error.plugin, []).append(error)
    return [
        PluginReport(plugin, plugin_state(plugin.slug), toggles.get(plugin.slug), errors.get(plugin.slug, []))
        for plugin in installed_plugins()
    ]


def plugin_report(slug: str) -> PluginReport | None:
    """Return the report of one installed plugin."""
    return next((report for report in plugin_reports() if report.slug == slug), None)


def live_pages_line(plugin: Plugin) -> dict[str, Any] | None:
    """Return the line of the impact that the core counts itself; None where the plugin brings no page type."""
    models = plugin_page_models(plugin.slug)
    if not models:
        return None
    return {"label": _("Live pages"), "count": sum(model.objects.live().count() for model in models), "url": ""}
