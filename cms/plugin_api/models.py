"""The one row that says which plugins are on, who switched them, and what went wrong in them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from .enums import PluginState


class SiteState(models.Model):
    """Plugin states, the chosen theme and a generation that every change raises. There is one row, number 1.

    `plugins` maps a slug to {"on": bool}; a plugin without an entry has its default, which is on. `known_plugins` are
    the slugs that were ever installed here, so that one whose code is gone is missed.
    """

    plugins = models.JSONField(default=dict, editable=False)
    known_plugins = models.JSONField(default=list, editable=False)
    theme = models.CharField(max_length=50, blank=True)
    generation = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="plugin_api_one_site_state")]
        verbose_name = _("plugins of the site")
        permissions = [("toggle_plugin", gettext_noop("Can switch plugins on and off"))]
        default_permissions = ()

    def __str__(self) -> str:
        return f"generation {self.generation}"


class PluginToggleQuerySet(models.QuerySet["PluginToggle"]):
    """Reads of the audit log."""

    def last_of_each_plugin(self) -> "PluginToggleQuerySet":
        """Keep the latest line of each plugin, with the person."""
        latest = self.model.objects.filter(plugin=models.OuterRef("plugin")).order_by("-at", "-pk").values("pk")[:1]
        return self.filter(pk=models.Subquery(latest)).select_related("by")


class PluginToggle(models.Model):
    """One line of the audit log: who switched a plugin, when, from what to what, and what that touched.

    The name is copied, because the person may leave and the account go. `impact` holds a count and its label in every
    language of the site.
    """

    plugin = models.CharField(max_length=100)
    old = models.CharField(max_length=10, choices=PluginState.choices)
    new = models.CharField(max_length=10, choices=PluginState.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=255, blank=True)
    impact = models.JSONField(default=list)

    objects = PluginToggleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["plugin", "-at"], name="plugin_api_toggle_plugin_at")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="plugin_api_toggle_changes_something")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.plugin}: {self.old} → {self.new}"

    @property
    def who(self) -> str:
        """The name of whoever switched; without one it was the command line."""
        return self.by_name or gettext("Command line")

    def impact_as_read(self) -> list[dict[str, Any]]:
        """Return the impact in the language of whoever reads, or the first where that language is new here."""
        return [
            {"label": line["label"].get(get_language()) or next(iter(line["label"].values())), "count": line["count"]}
            for line in self.impact
        ]


class ContributionError(models.Model):
    """What a plugin's code raised, wherever it ran: one row for each place and kind of error, with a count."""

    plugin = models.CharField(max_length=100)
    place = models.CharField(max_length=200)
    exception = models.CharField(max_length=200)
    message = models.CharField(max_length=500, blank=True)
    trace = models.TextField(blank=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["plugin", "place", "exception"], name="plugin_api_error_unique")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.plugin}: {self.exception} ({self.place})"
