"""The manifest: what the plugin is, and what it gives to the core."""

from collections.abc import Sequence
from datetime import time

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob
from cms.plugin_api import Impact, Plugin


class ${Camel}Plugin(Plugin):
    """Keeps a list of what was published last."""

    name = "plugins.${slug}"
    slug = "${slug}"
    title = _("${title}")
    summary = _("Keeps a list of what was published last.")
    version = "0.1"
    icon = "list-ul"
    blocks = {"${slug}_callout": "plugins.${slug}.blocks:CalloutBlock"}
    contributions = {"menu_items": "plugins.${slug}.contrib:menu_items"}
    receivers = {"page_published": "plugins.${slug}.contrib:page_published"}
    recurring_jobs = (RecurringJob("plugins.${slug}.tasks.forget_old", at=time(3)),)

    def impact(self) -> Sequence[Impact]:
        """Count what an administrator would switch off."""
        return [Impact(_("Entries"), apps.get_model(self.slug, "Entry").objects.count())]
