"""The switchboard: which plugins are on, and the pages that switch them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.plugin_api.models import PluginToggle
from cms.plugin_api.remains import absent_plugins
from cms.plugin_api.selectors import PluginReport, plugin_report, plugin_reports
from cms.plugin_api.services import impact_of, plugin_toggle

from .permissions import TOGGLE_PLUGIN
from .tables import error_table, plugin_table, toggle_table

LOG_LINES = 50


@method_decorator(permission_required(TOGGLE_PLUGIN), name="dispatch")
class SwitchboardView(WagtailAdminTemplateMixin, TemplateView):
    """Common to the pages of the switchboard."""

    page_title = gettext_lazy("Plugins")
    header_icon = "cogs"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": reverse("dashboard:plugins"), "label": _("Plugins")}
        return [*super().get_breadcrumbs_items(), here, *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        """Return the way from the list to this page."""
        return []


class PluginListView(SwitchboardView):
    """All plugins at a glance."""

    template_name = "dashboard/plugins.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reports = plugin_reports()
        return super().get_context_data(reports=reports, table=plugin_table(reports), absent=absent_plugins(), **kwargs)


class PluginView(SwitchboardView):
    """One plugin: what it does, what it needs, its log and its errors."""

    template_name = "dashboard/plugin.html"
    report: PluginReport

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        report = plugin_report(kwargs["slug"])
        if report is None:
            raise Http404
        self.report = report

    def get_page_subtitle(self) -> str:
        return str(self.report.plugin.title)

    def get_header_icon(self) -> str:
        return self.report.plugin.icon

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": reverse("dashboard:plugin", args=[self.report.slug]), "label": str(self.report.plugin.title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        toggles = list(PluginToggle.objects.filter(plugin=self.report.slug)[:LOG_LINES])
        return super().get_context_data(
            report=self.report,
            impact=impact_of(self.report.plugin),
            log=toggle_table(toggles) if toggles else None,
            errors=error_table(self.report.errors) if self.report.errors else None,
            **kwargs,
        )


class PluginSwitchView(PluginView):
    """Asks before it switches, with what that touches; switches by POST only."""

    template_name = "dashboard/plugin_switch.html"
    on = False

    def trail(self) -> list[dict[str, Any]]:
        return [*super().trail(), {"url": "", "label": _("Switch on") if self.on else _("Switch off")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(on=self.on, **kwargs)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Switch, say what came of it, and go back to the list."""
        try:
            changed = plugin_toggle(slug=slug, on=self.on, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("dashboard:plugin", slug)
        messages.success(request, self._said(changed=changed is not None))
        return redirect("dashboard:plugins")

    def _said(self, *, changed: bool) -> str:
        if not changed:
            message = _("“%(title)s” was already on.") if self.on else _("“%(title)s” was already off.")
        else:
            message = _("“%(title)s” is on.") if self.on else _("“%(title)s” is off.")
        return message % {"title": self.report.plugin.title}
