from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.signals import got_request_exception
from django.db.models.signals import post_migrate
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from .loader import found_plugins, naming

WIRING = ("blocks", "contrib", "tasks", "urls", "wagtail_hooks")
"""Modules of a plugin that the core imports by their names."""


class PluginApiConfig(AppConfig):
    name = "cms.plugin_api"
    verbose_name = _("Plugins")

    def __init__(self, app_name: str, app_module: Any) -> None:
        """Stand first in INSTALLED_APPS, and import the manifests before anything of a plugin is."""
        super().__init__(app_name, app_module)
        import_manifests()

    def ready(self) -> None:
        """Register the start-up checks and import the plugins' modules. Nothing here queries."""
        from wagtail.signals import page_published

        from . import checks, data_checks  # noqa: F401 - importing registers them
        from .requests import record_failed_request

        import_wiring()
        post_migrate.connect(remember_plugins, sender=self)
        page_published.connect(tell_of_page, dispatch_uid="plugin_api_page_published")
        got_request_exception.connect(record_failed_request, dispatch_uid="plugin_api_failed_request")


def import_manifests() -> None:
    """Import the manifest of every plugin right before Django does, to be able to say whose fault it is.

    Raises ImproperlyConfigured with the plugin's name, as `import_wiring` does.
    """
    for slug, entry in found_plugins(settings.BASE_DIR / "plugins").items():
        if entry in settings.INSTALLED_APPS:
            with naming(slug, "manifest"):
                AppConfig.create(entry)


def import_wiring() -> None:
    """Import what would otherwise fail at the first request that needs it, and for everybody."""
    from .registry import installed_plugins

    for plugin in installed_plugins():
        for module in WIRING:
            if module_has_submodule(plugin.module, module):
                with naming(plugin.slug, module):
                    import_module(f"{plugin.name}.{module}")


def remember_plugins(**kwargs: Any) -> None:
    """Note after migrating which plugins there are."""
    from .services import plugins_remember

    plugins_remember()


def tell_of_page(instance: Any, **kwargs: Any) -> None:
    """Turn Wagtail's signal into the typed event."""
    from .events import PagePublished, publish

    publish(PagePublished(page_id=instance.pk))
