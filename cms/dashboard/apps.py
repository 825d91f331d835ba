"""Gives the admin's own words their language before anything builds forms and lists of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "cms.dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        """Complete the labels before Wagtail's hooks are read: choosers take them as they are registered."""
        from .forms import labels_complete  # needs the models

        labels_complete()
