"""Typed events: what has happened, told to whoever wants to know once it is committed.

An event is a frozen dataclass that names itself. Plugins name their receivers in `receivers`; the core connects its own
with `subscribe`. Only plugins that are on are told, and a receiver that fails stops nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.utils.module_loading import import_string

from .errors import isolated
from .state import enabled_plugins

logger = logging.getLogger("cms.plugin_api")

events: dict[str, type[Event]] = {}


class Event:
    """Base of all events. Subclasses are frozen dataclasses; their docstring says when they are published."""

    name: ClassVar[str]

    def __init_subclass__(cls, *, name: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = name
        events[name] = cls


@dataclass(frozen=True)
class PluginToggled(Event, name="plugin_toggled"):
    """A plugin has been switched on or off. Caches that depend on it must be forgotten."""

    slug: str
    on: bool


@dataclass(frozen=True)
class PagePublished(Event, name="page_published"):
    """A page has been published, for the first time or again."""

    page_id: int


@dataclass(frozen=True)
class PeopleSeen(Event, name="people_seen"):
    """Somebody of the secretariat has looked up people and their addresses in the core's part of the admin.

    `detail` says in words of the site's language what was shown. The register's log is kept by whoever hears this.
    """

    person_id: int
    detail: str


_subscribers: dict[type[Event], list[Callable[[Any], None]]] = {}


def subscribe(event_type: type[Event], receiver: Callable[[Any], None]) -> None:
    """Let the core itself hear an event. Connecting the same receiver twice counts once."""
    receivers = _subscribers.setdefault(event_type, [])
    if receiver not in receivers:
        receivers.append(receiver)


def publish(event: Event) -> None:
    """Tell everybody about it when the transaction commits; never, if it is rolled back."""
    transaction.on_commit(lambda: _tell(event), robust=True)


def _tell(event: Event) -> None:
    for receiver in _subscribers.get(type(event), ()):
        try:
            receiver(event)
        except Exception:
            logger.exception("A receiver of %s failed", event.name)
    for plugin in enabled_plugins():
        path = plugin.receivers.get(event.name)
        if path:
            with isolated(plugin.slug, f"event {event.name}"):
                import_string(path.replace(":", "."))(event)
