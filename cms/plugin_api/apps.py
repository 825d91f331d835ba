from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class PluginApiConfig(AppConfig):
    name = "cms.plugin_api"
    verbose_name = _("Plugins")

    def ready(self) -> None:
        """Register the start-up checks and import the plugins' hooks. Nothing here queries."""
        from wagtail.signals import page_published

        from . import checks, data_checks  # noqa: F401 - importing registers them

        import_hooks()
        post_migrate.connect(remember_plugins, sender=self)
        page_published.connect(tell_of_page, dispatch_uid="plugin_api_page_published")


def import_hooks() -> None:
    """Import the hooks of every plugin before Wagtail does, to be able to say whose fault it is when that fails.

    Raises ImproperlyConfigured with the plugin's name.
    """
    from .registry import installed_plugins

    for plugin in installed_plugins():
        if module_has_submodule(plugin.module, "wagtail_hooks"):
            try:
                import_module(f"{plugin.name}.wagtail_hooks")
            except Exception as error:
                raise ImproperlyConfigured(
                    f"The plugin '{plugin.slug}' cannot be started: importing its wagtail_hooks fails with {error!r}. "
                    "Repair it, or take it out of CMS_PLUGINS."
                ) from error


def remember_plugins(**kwargs: Any) -> None:
    """Note after migrating which plugins there are."""
    from .services import plugins_remember

    plugins_remember()


def tell_of_page(instance: Any, **kwargs: Any) -> None:
    """Turn Wagtail's signal into the typed event."""
    from .events import PagePublished, publish

    publish(PagePublished(page_id=instance.pk))
