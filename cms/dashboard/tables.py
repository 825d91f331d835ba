"""The switchboard's tables, of Wagtail's own components."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, Table

from cms.plugin_api.enums import PluginState
from cms.plugin_api.models import ContributionError, PluginToggle
from cms.plugin_api.selectors import PluginReport
from cms.plugin_api.services import impact_of


class PluginColumn(Column):
    """The plugin's name, what it does, and what it needs."""

    cell_template_name = "dashboard/cells/plugin.html"

    def get_cell_context_data(self, instance: PluginReport, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "url": reverse("dashboard:plugin", args=[instance.slug])}


class ImpactColumn(Column):
    """What is there to be touched by a switch, in numbers."""

    cell_template_name = "dashboard/cells/impact.html"

    def get_value(self, instance: PluginReport) -> list[dict[str, Any]]:
        return impact_of(instance.plugin)


class LastToggleColumn(Column):
    """Who switched it last, and when."""

    cell_template_name = "dashboard/cells/last_toggle.html"


class SwitchColumn(Column):
    """The button to the page that asks before it switches."""

    cell_template_name = "dashboard/cells/switch.html"

    def get_cell_context_data(self, instance: PluginReport, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        action = "disable" if instance.is_on else "enable"
        return {**context, "url": reverse(f"dashboard:plugin_{action}", args=[instance.slug])}


class StateColumn(Column):
    """On, off or dormant: a word and a sign, never colour alone."""

    cell_template_name = "dashboard/cells/state.html"


def plugin_table(reports: list[PluginReport]) -> Table:
    """Return the switchboard."""
    columns = [
        PluginColumn("title", label=_("Plugin"), width="36%"),
        StateColumn("state", label=_("State")),
        ImpactColumn("impact", label=_("In use")),
        LastToggleColumn("last_toggle", label=_("Last change")),
        SwitchColumn("switch", label=_("Action")),
    ]
    return Table(columns, reports, caption=_("Plugins of this site"))


def toggle_table(toggles: list[PluginToggle]) -> Table:
    """Return the log of a plugin."""
    columns = [
        DateColumn("at", label=_("When"), width="20%"),
        Column("who", label=_("Who"), width="25%"),
        Column("change", label=_("Change"), accessor=_change, width="20%"),
        ImpactOfToggleColumn("impact", label=_("In use then")),
    ]
    return Table(columns, toggles, caption=_("Log"))


def _change(toggle: PluginToggle) -> str:
    return f"{PluginState(toggle.old).label} → {PluginState(toggle.new).label}"


class ImpactOfToggleColumn(Column):
    """The numbers that were shown when the plugin was switched."""

    cell_template_name = "dashboard/cells/impact.html"

    def get_value(self, instance: PluginToggle) -> list[dict[str, Any]]:
        return instance.impact_as_read()


def error_table(errors: list[ContributionError]) -> Table:
    """Return what went wrong in a plugin."""
    columns = [
        DateColumn("last_at", label=_("Last time"), width="20%"),
        Column("place", label=_("Where"), width="25%"),
        ErrorColumn("message", label=_("Error")),
        NumberColumn("count", label=_("Times"), width="10%"),
    ]
    return Table(columns, errors, caption=_("Errors"))


class ErrorColumn(Column):
    """The message, and the trace for whoever repairs it."""

    cell_template_name = "dashboard/cells/error.html"
