"""Which plugins are on: read once a request at first use, and afresh at each question outside of one.

Nothing keeps the state longer, so that a switch thrown in one process holds for the next request of every other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.apps import apps

from .enums import PluginState
from .registry import get_plugin, installed_plugins, is_dormant

if TYPE_CHECKING:
    from .manifest import Plugin
    from .models import SiteState

T = TypeVar("T")


class _Reading:
    """Holds the row, and what was worked out from it, once somebody has asked."""

    def __init__(self) -> None:
        self.row: SiteState | None = None
        self.derived: dict[str, Any] = {}


_reading: ContextVar[_Reading | None] = ContextVar("site_state_reading", default=None)


@contextmanager
def state_read_once() -> Iterator[None]:
    """Let everything inside see one and the same state, for at most one query."""
    token = _reading.set(_Reading())
    try:
        yield
    finally:
        _reading.reset(token)


def forget_state() -> None:
    """Read the state again at the next question, because it has just changed."""
    reading = _reading.get()
    if reading is not None:
        reading.row = None
        reading.derived.clear()


def remembered(name: str, work_out: Callable[[], T]) -> T:
    """Return what follows from the state, worked out once a request; outside of one, each time."""
    reading = _reading.get()
    if reading is None:
        return work_out()
    if name not in reading.derived:
        reading.derived[name] = work_out()
    return cast("T", reading.derived[name])


def site_state() -> SiteState:
    """Return the state of this request, or the stored one outside a request."""
    reading = _reading.get()
    if reading is None:
        return _stored_state()
    if reading.row is None:
        reading.row = _stored_state()
    return reading.row


def _stored_state() -> SiteState:
    model: type[SiteState] = apps.get_model("plugin_api", "SiteState")
    return model.objects.filter(pk=1).first() or model(pk=1)


def is_enabled(slug: str) -> bool:
    """Say whether the plugin is on: installed, not dormant, not switched off, and all that it requires is on too.

    A plugin of which nobody has decided anything is on: a new installation shows what it has.
    """
    return plugin_state(slug) == PluginState.ON


def is_owner_on(owner: str | None) -> bool:
    """Say whether what belongs to an owner may be used now: to a plugin that is on, or to the core (None)."""
    return owner is None or is_enabled(owner)


def plugin_state(slug: str) -> PluginState:
    """Return the state of an installed plugin; one that isn't installed counts as off."""
    plugin = get_plugin(slug)
    if plugin is None:
        return PluginState.OFF
    if is_dormant(slug):
        return PluginState.DORMANT
    return PluginState.ON if _is_on(plugin, site_state(), seen=frozenset()) else PluginState.OFF


def _is_on(plugin: Plugin | None, state: SiteState, seen: frozenset[str]) -> bool:
    """Follow the requirements; a circle of them (a start-up error) is off rather than endless."""
    if plugin is None or is_dormant(plugin.slug) or plugin.slug in seen:
        return False
    if not state.plugins.get(plugin.slug, {}).get("on", True):
        return False
    seen = seen | {plugin.slug}
    return all(_is_on(get_plugin(slug), state, seen) for slug in plugin.requires)


def enabled_plugins() -> tuple[Plugin, ...]:
    """Return the plugins that are on, in slug order."""
    return tuple(plugin for plugin in installed_plugins() if is_enabled(plugin.slug))


def disabled_plugins() -> tuple[Plugin, ...]:
    """Return the installed plugins that are off or dormant, in slug order."""
    return tuple(plugin for plugin in installed_plugins() if not is_enabled(plugin.slug))
