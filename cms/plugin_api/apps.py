from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PluginApiConfig(AppConfig):
    name = "cms.plugin_api"
    verbose_name = _("Plugins")
