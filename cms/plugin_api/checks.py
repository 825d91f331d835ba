"""Start-up checks of the plugins. Those that read the database run only where Django runs database checks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from wagtail import hooks as wagtail_hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from .capabilities import capabilities
from .events import events
from .hooks import unguarded_hooks
from .manifest import PLUGIN_API, Plugin
from .ownership import owner_of
from .pages import GatedPage
from .points import load_receiver, points
from .registry import get_plugin, installed_plugins
from .signals import unguarded_receivers
from .tasks import QUEUE, plugin_tasks
from .urls import core_prefixes

TAG = "plugins"
MANIFEST_FIELDS = ("slug", "title", "summary", "version")


@register(TAG)
def check_plugins(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Check every manifest, by itself and against the others."""
    return [message for plugin in installed_plugins() for check in CHECKS for message in check(plugin)]


def _manifest(plugin: Plugin) -> Iterator[CheckMessage]:
    for name in MANIFEST_FIELDS:
        if not getattr(plugin, name, ""):
            yield _error(plugin, "E001", f"has no {name}.", f"Set `{name}` in its apps.py.")


def _api(plugin: Plugin) -> Iterator[CheckMessage]:
    try:
        fits = SpecifierSet(plugin.api).contains(PLUGIN_API)
    except InvalidSpecifier:
        fits = False
    if not fits:
        yield _error(
            plugin,
            "E002",
            f"was written for plugin API {plugin.api}, and this is {PLUGIN_API}.",
            "Install a release of the plugin for this API, or remove it from CMS_PLUGINS.",
        )


def _requirements(plugin: Plugin) -> Iterator[CheckMessage]:
    for slug in plugin.requires:
        if get_plugin(slug) is None:
            hint = f"Install '{slug}' and name it in CMS_PLUGINS, or remove '{plugin.slug}' from it."
            yield _error(plugin, "E003", f"requires the plugin '{slug}', which is absent.", hint)
    circle = _circle(plugin)
    if circle:
        hint = "Remove one of these requirements; what both need belongs to a third."
        yield _error(plugin, "E004", f"requires itself: {' → '.join(circle)}.", hint)


def _circle(start: Plugin) -> list[str]:
    """Return the way from a plugin through requirements back to itself, if there is one."""
    ways = [[start.slug, slug] for slug in start.requires]
    for way in ways:
        if way[-1] == start.slug:
            return way
        plugin = get_plugin(way[-1])
        ways.extend([*way, slug] for slug in (plugin.requires if plugin else ()) if slug not in way[1:])
    return []


def _contributions(plugin: Plugin) -> Iterator[CheckMessage]:
    declared: dict[str, Callable[..., Any]] = {name: point.declaration for name, point in points.items()}
    declared |= {name: capability.interface for name, capability in capabilities.items()}
    yield from _receivers(plugin, plugin.contributions, declared, "contributes to")
    heard: dict[str, Callable[..., Any]] = dict.fromkeys(events, _event_receiver)
    yield from _receivers(plugin, plugin.receivers, heard, "hears")


def _event_receiver(event: Any) -> None:
    """What a receiver of events looks like."""


def _receivers(plugin: Plugin, named: Any, known: dict[str, Callable[..., Any]], verb: str) -> Iterator[CheckMessage]:
    for name, path in named.items():
        if name not in known:
            hint = f"There are: {', '.join(sorted(known))}."
            yield _error(plugin, "E005", f"{verb} '{name}', which doesn't exist.", hint)
            continue
        try:
            receiver = load_receiver(path)
        except Exception as error:  # noqa: BLE001 - importing a plugin's module may raise anything
            yield _error(plugin, "E006", f"names '{path}' for '{name}', and importing it fails: {error!r}.", None)
            continue
        for expected, given in _pairs(known[name], receiver):
            if given is None or _parameters(expected) != _parameters(given):
                at = given or receiver
                where = f"{inspect.getsourcefile(at)}:{inspect.getsourcelines(at)[1]}"
                hint = f"Write it as {expected.__name__}{inspect.signature(expected)}."
                yield _error(plugin, "E007", f"gives '{name}' a receiver with other parameters, at {where}.", hint)


def _pairs(expected: Callable[..., Any], given: Any) -> Iterator[tuple[Callable[..., Any], Callable[..., Any] | None]]:
    """Yield what is to be compared: two functions, or the methods of a capability's interface and of its provider."""
    if not inspect.isclass(expected):
        yield expected, given
        return
    for name, method in inspect.getmembers(expected, inspect.isfunction):
        if not name.startswith("_"):
            yield method, getattr(given, name, None)


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def _prefix(plugin: Plugin) -> Iterator[CheckMessage]:
    if plugin.slug in core_prefixes() | {"core"}:
        hint = "Choose another slug."
        yield _error(plugin, "E008", f"wants the address /{plugin.slug}/, which belongs to the core.", hint)


def _page_types(plugin: Plugin) -> Iterator[CheckMessage]:
    for model in apps.get_models():
        if issubclass(model, Page) and owner_of(model) == plugin.slug and not issubclass(model, GatedPage):
            hint = "Derive it from cms.pages.models.BasePage."
            yield _error(plugin, "E009", f"has the page type {model.__name__}, which nothing closes.", hint)


def _block_names(plugin: Plugin) -> Iterator[CheckMessage]:
    for name in plugin.blocks:
        if not name.startswith(f"{plugin.slug}_"):
            hint = f"Call it '{plugin.slug}_{name}', so that it never clashes with another plugin's."
            yield _error(plugin, "E010", f"has a block named '{name}'.", hint)


def _tasks(plugin: Plugin) -> Iterator[CheckMessage]:
    for task in plugin_tasks(plugin):
        if task.backend != QUEUE:
            hint = f'Declare it with @task(backend="{QUEUE}").'
            yield _error(plugin, "E012", f"has the task {task.module_path}, which runs while the plugin is off.", hint)


def _log_actions(plugin: Plugin) -> Iterator[CheckMessage]:
    named = LogActionRegistry()
    for register_actions in wagtail_hooks.get_hooks("register_log_actions"):
        if owner_of(register_actions) == plugin.slug:
            register_actions(named)
    for name in named.formatters:
        if not name.startswith(f"{plugin.slug}."):
            hint = f"Call it '{plugin.slug}.{name}', so that it is left out of histories while the plugin is off."
            yield _error(plugin, "E016", f"writes '{name}' into histories.", hint)


def _providers(plugin: Plugin) -> Iterator[CheckMessage]:
    for name in capabilities.keys() & plugin.contributions.keys():
        others = [other.slug for other in installed_plugins() if name in other.contributions and other is not plugin]
        if others:
            hint = "Only one plugin may provide it; with two, nobody does. Take one of them out of CMS_PLUGINS."
            yield _error(plugin, "E013", f"provides '{name}', and so does '{others[0]}'.", hint)


def _files(plugin: Plugin) -> Iterator[CheckMessage]:
    for kind in ("templates", "static"):
        for path in sorted(Path(plugin.path, kind).glob("*")):
            if path.name != plugin.slug:
                hint = f"Move it below {kind}/{plugin.slug}/, where it takes the place of nobody else's."
                yield _error(plugin, "E014", f"has {kind}/{path.name}, which would be used while it is off.", hint)


CHECKS: tuple[Callable[[Plugin], Iterable[CheckMessage]], ...] = (
    _manifest,
    _api,
    _requirements,
    _contributions,
    _prefix,
    _page_types,
    _block_names,
    _tasks,
    _log_actions,
    _providers,
    _files,
)


@register(TAG)
def check_hooks(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Find hooks that plugins registered around the guard."""
    return [
        Error(
            f"{function.__module__}.{function.__qualname__} is registered for '{name}' with Wagtail directly.",
            hint="Register it with cms.plugin_api.hooks.register, so that it is silent while the plugin is off.",
            obj=owner_of(function),
            id="plugin_api.E011",
        )
        for name, function in unguarded_hooks()
    ]


@register(TAG)
def check_signals(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Find receivers of signals that plugins connected around the guard."""
    return [
        Error(
            f"{receiver.__module__}.{receiver.__qualname__} is connected to the signal '{name}' directly.",
            hint="Connect it with cms.plugin_api.signals.receiver, so that it is silent while the plugin is off.",
            obj=owner_of(receiver),
            id="plugin_api.E015",
        )
        for name, receiver in unguarded_receivers()
    ]


def _error(plugin: Plugin, number: str, problem: str, hint: str | None) -> Error:
    return Error(f"The plugin '{plugin.slug}' {problem}", hint=hint, obj=plugin.name, id=f"plugin_api.{number}")
