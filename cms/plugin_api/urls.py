"""Mounts each plugin's addresses below its prefix, behind its gate, and says which first path segments are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.module_loading import module_has_submodule

from .gate import GatedResolver
from .manifest import Plugin
from .registry import get_plugin, installed_plugins

CORE = "core"
"""The owner of the reserved slugs that belong to no plugin."""


def plugin_urlpatterns() -> list[URLResolver]:
    """Return one gated resolver for each installed plugin that has a `urls` module, mounted at its slug.

    Off plugins are mounted too, so that switching needs no restart. What a plugin's addresses don't match falls
    through to the page tree.
    """
    return [_mount(plugin) for plugin in installed_plugins() if module_has_submodule(plugin.module, "urls")]


def _mount(plugin: Plugin) -> GatedResolver:
    urlconf = import_module(f"{plugin.name}.urls")
    app_name = getattr(urlconf, "app_name", plugin.slug)
    return GatedResolver(
        RoutePattern(f"{plugin.slug}/"), urlconf, app_name=app_name, namespace=app_name, owner=plugin.slug
    )


def reserved_slug_owner(slug: str) -> str | None:
    """Say who holds a first path segment: a plugin's slug, `CORE`, or None when a page at the root may have it.

    Off and dormant plugins hold theirs too. A page type of the holding plugin may use its own.
    """
    if get_plugin(slug):
        return slug
    return CORE if slug in core_prefixes() else None


def core_prefixes() -> frozenset[str]:
    """Return the first path segments of the core's own addresses, read from the URLconf."""
    found = set(_first_segments(get_resolver().url_patterns))
    files = (settings.STATIC_URL, settings.MEDIA_URL)
    found.update(urlsplit(url).path.strip("/").split("/")[0] for url in files if url)
    return frozenset(found - {""})


def _first_segments(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if getattr(pattern, "owner", None):
            continue
        route = str(pattern.pattern).lstrip("^")
        if route:
            yield route.split("/")[0]
        elif isinstance(pattern, URLResolver):
            yield from _first_segments(pattern.url_patterns)
