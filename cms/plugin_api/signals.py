"""Django's and Wagtail's signals for plugins: silent while the plugin is off, and a mistake in one stays its own.

    from django.db.models.signals import post_delete
    from cms.plugin_api.signals import receiver

    @receiver(post_delete, sender="accounts.Organisation")
    def forget(instance): ...

What the core tells by an event is heard by that instead; a receiver here is told in the middle of somebody's
transaction, whether it is committed or not.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from weakref import ReferenceType

from django.apps import apps
from django.contrib.auth import signals as auth_signals
from django.core import signals as core_signals
from django.db.models import signals as model_signals
from django.dispatch import Signal
from wagtail import signals as wagtail_signals

from .errors import isolated
from .ownership import owner_of
from .state import is_enabled

F = TypeVar("F", bound=Callable[..., Any])
WATCHED = (core_signals, model_signals, auth_signals, wagtail_signals)
OF_MIGRATIONS = (model_signals.pre_migrate, model_signals.post_migrate, model_signals.class_prepared)
"""Sent by commands, to plugins that are off too."""


def receiver(signal: Signal, *, sender: Any = None) -> Callable[[F], F]:
    """Connect a plugin's function to a signal, guarded. A model may be named, as in "accounts.Organisation"."""

    def decorator(function: F) -> F:
        source = apps.get_model(sender) if isinstance(sender, str) else sender
        signal.connect(
            guarded(function), sender=source, weak=False, dispatch_uid=f"{function.__module__}.{function.__name__}"
        )
        return function

    return decorator


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a receiver so that it is silent while its plugin is off and never raises."""
    owner = owner_of(function) or ""

    @functools.wraps(function)
    def call(**kwargs: Any) -> None:
        if is_enabled(owner):
            with isolated(owner, f"signal receiver {function.__name__}"):
                function(**kwargs)

    call.is_guarded = True  # type: ignore[attr-defined]  # read by the start-up check
    return call


def unguarded_receivers() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the receivers that plugins connected directly, with the signal's name; not those of their own models."""
    for module in WATCHED:
        for name, signal in inspect.getmembers(module, lambda value: isinstance(value, Signal)):
            if signal not in OF_MIGRATIONS:
                yield from ((name, found) for found in _strangers(signal))


def _strangers(signal: Signal) -> Iterator[Any]:
    own = {id(model): owner_of(model) for model in apps.get_models(include_auto_created=True)}
    for (_receiver_id, sender_id), stored, *_rest in signal.receivers:
        found = stored() if isinstance(stored, ReferenceType) else stored
        owner = owner_of(found)
        if owner and own.get(sender_id) != owner and not hasattr(found, "is_guarded"):
            yield found
