"""Questions of the core that one plugin answers, and that are answered "no" while none does.

An extension point adds; a capability decides. So it fails closed: with no provider, with one that is off, with two, and
with one that raises, the answer is the one that lets nobody in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from django.db.models import Model

from .errors import isolated
from .points import load_receiver
from .state import enabled_plugins

if TYPE_CHECKING:
    from .manifest import Plugin

T = TypeVar("T")


class Capability(Generic[T]):
    """A place for one provider. A plugin names its own, a class without arguments, in `contributions`."""

    def __init__(self, name: str, interface: type[T], closed: T) -> None:
        self.name = name
        self.interface = interface
        self.closed = closed
        self.__doc__ = interface.__doc__
        capabilities[name] = self

    def provider(self) -> T:
        """Return what answers now; it never raises."""
        providers = [plugin for plugin in enabled_plugins() if self.name in plugin.contributions]
        if len(providers) != 1:
            return self.closed
        plugin = providers[0]
        with isolated(plugin.slug, f"capability {self.name}"):
            return cast("T", _Guarded(plugin, self, load_receiver(plugin.contributions[self.name])()))
        return self.closed


class _Guarded:
    """A provider whose mistakes are answered by the closed one."""

    def __init__(self, plugin: Plugin, capability: Capability[Any], provider: Any) -> None:
        self._plugin = plugin
        self._capability = capability
        self._provider = provider

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def answer(*args: Any, **kwargs: Any) -> Any:
            with isolated(self._plugin.slug, f"capability {self._capability.name}"):
                return getattr(self._provider, name)(*args, **kwargs)
            return getattr(self._capability.closed, name)(*args, **kwargs)

        return answer


capabilities: dict[str, Capability[Any]] = {}


class MembershipProvider(Protocol):
    """Say which organisations are members. While no plugin does, nobody is: what is for members is closed to all."""

    def is_member(self, organisation: Model, on: date) -> bool:
        """Say whether the organisation (`cms.accounts.Organisation`) is a member on that day."""

    def member_count(self, on: date) -> int:
        """Say how many organisations are members on that day: editors read for how many a page is."""


class NobodyIsMember:
    """Answers where no plugin keeps a register of members."""

    def is_member(self, organisation: Model, on: date) -> bool:
        """Never."""
        return False

    def member_count(self, on: date) -> int:
        """None."""
        return 0


membership: Capability[MembershipProvider] = Capability(
    "membership",
    MembershipProvider,  # type: ignore[type-abstract]  # read for its methods, never instantiated
    NobodyIsMember(),
)
