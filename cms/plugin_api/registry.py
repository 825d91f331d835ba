"""The plugins whose code is installed, and which of them the deployment forces off."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.conf import settings

from .manifest import Plugin


def installed_plugins() -> tuple[Plugin, ...]:
    """Return the manifest of every installed plugin, dormant ones too, in slug order."""
    if not apps.apps_ready or _known.configs is not apps.app_configs:
        _known.configs = apps.app_configs
        found = [config for config in apps.get_app_configs() if isinstance(config, Plugin)]
        _known.plugins = tuple(sorted(found, key=lambda plugin: plugin.slug))
    return _known.plugins


class _Known:
    """What was found among the apps, which don't change once they are loaded. The gate asks at every request."""

    configs: dict[str, AppConfig] | None = None
    plugins: tuple[Plugin, ...] = ()


_known = _Known()


def get_plugin(slug: str) -> Plugin | None:
    """Return the installed plugin of that slug."""
    config = apps.app_configs.get(slug)
    return config if isinstance(config, Plugin) else None


def owner_of_name(name: str) -> str | None:
    """Return the plugin after which a permission or a kind of mail ("slug.name") is named; None for the core's."""
    slug = name.partition(".")[0]
    return slug if get_plugin(slug) else None


def is_dormant(slug: str) -> bool:
    """Say whether the deployment holds the plugin off, keeping only its models and migrations."""
    return slug in settings.CMS_PLUGINS_DORMANT


def dependents_of(slug: str) -> tuple[Plugin, ...]:
    """Return the installed plugins that require this one, directly or through another."""
    direct = [plugin for plugin in installed_plugins() if slug in plugin.requires]
    indirect = [deeper for plugin in direct for deeper in dependents_of(plugin.slug)]
    return tuple(dict.fromkeys([*direct, *indirect]))
