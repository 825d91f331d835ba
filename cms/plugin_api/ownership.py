"""Derives which plugin a thing belongs to from where its code or its model lives. Nobody declares it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import AppConfig, apps
from django.db.models import Model
from django.urls import ResolverMatch
from wagtail.admin.viewsets import viewsets

from .manifest import Plugin
from .registry import installed_plugins

_viewset_owners: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
APP_LABEL_KWARGS = ("app_label", "app_name", "content_type_app_name", "content_type_app_label")


def owner_of(thing: Any) -> str | None:
    """Return the slug of the plugin that owns a class, instance, function, module or dotted name; None for the core's.

    A page or other model instance belongs to the plugin of its (most specific) model.
    """
    if isinstance(thing, Plugin):
        return thing.slug
    if isinstance(thing, str):
        return _owner_of_module(thing)
    if isinstance(thing, ModuleType):
        return _owner_of_module(thing.__name__)
    if isinstance(thing, Model) or (isinstance(thing, type) and issubclass(thing, Model)):
        return _owner_of_label(_app_label(thing))
    return next((owner for name in _module_names(thing) if (owner := _owner_of_module(name))), None)


def claim_viewset(viewset: Any, owner: str) -> None:
    """Let a viewset, or the members of a group, belong to the plugin that registered it.

    Wagtail's own class over a model of the core would otherwise give nothing away.
    """
    for member in getattr(viewset, "registerables", [viewset]):
        _viewset_owners[member] = owner


def owner_of_match(match: ResolverMatch) -> str | None:
    """Return the plugin that owns the view to which an address resolved.

    Generic views live in Django's or Wagtail's modules; what they were built with gives them away: their class, the
    model or class among their arguments, the viewset whose namespace they are in, or an app label in the address.
    """
    return next((owner for owner in _match_owners(match) if owner), None)


def _match_owners(match: ResolverMatch) -> Iterator[str | None]:
    for layer in _unwrapped(match.func):
        yield owner_of(layer)
        yield owner_of(getattr(layer, "view_class", None))
        yield from (owner_of(value) for value in getattr(layer, "view_initkwargs", {}).values())
    for name in APP_LABEL_KWARGS:
        yield _owner_of_label(str(match.kwargs.get(name, "")))
    if match.namespaces:
        for viewset in viewsets.viewsets:
            owner = _viewset_owners.get(viewset) or owner_of(viewset) or owner_of(getattr(viewset, "model", None))
            if owner and viewset.url_namespace in match.namespaces:
                yield owner


def _unwrapped(function: Any) -> Iterator[Any]:
    """Yield a view and everything that decorators and partials have wrapped around it."""
    while function is not None:
        yield function
        function = function.func if isinstance(function, partial) else getattr(function, "__wrapped__", None)


def _module_names(thing: Any) -> Iterator[str]:
    """Yield the modules that tell where a class, an instance or a function comes from; a class with its bases."""
    cls = thing if isinstance(thing, type) else type(thing)
    yield from (name for layer in _unwrapped(thing) if isinstance(name := getattr(layer, "__module__", None), str))
    yield from (base.__module__ for base in cls.__mro__)


def _app_label(thing: Any) -> str:
    specific = getattr(thing, "cached_content_type", None) if isinstance(thing, Model) else None
    return specific.app_label if specific is not None else thing._meta.app_label  # noqa: SLF001 - Django's public _meta


def _owner_of_label(label: str) -> str | None:
    config: AppConfig | None = apps.app_configs.get(label)
    return config.slug if isinstance(config, Plugin) else None


def _owner_of_module(name: str) -> str | None:
    for plugin in installed_plugins():
        if name == plugin.name or name.startswith(f"{plugin.name}."):
            return plugin.slug
    return None
