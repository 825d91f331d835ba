from datetime import time
from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob


class SearchConfig(AppConfig):
    """The site's search, and the admin's."""

    name = "cms.search"
    verbose_name = _("Search")
    recurring_jobs: ClassVar[tuple[RecurringJob, ...]] = (RecurringJob("cms.search.tasks.tidy", at=time(3, 45)),)

    def ready(self) -> None:
        """Hear of what is saved, deleted and switched."""
        from django.db.models.signals import post_delete, post_save

        from cms.plugin_api.events import PluginToggled, subscribe

        from . import signals

        post_save.connect(signals.follow_save, dispatch_uid="search")
        post_delete.connect(signals.follow_deletion, dispatch_uid="search")
        subscribe(PluginToggled, signals.follow_toggle)
