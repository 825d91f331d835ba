from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PluginApiConfig(AppConfig):
    name = "cms.plugin_api"
    verbose_name = _("Plugins")

    def ready(self) -> None:
        """Register the start-up checks. Nothing here queries."""
        from . import checks  # noqa: F401 - importing registers them
