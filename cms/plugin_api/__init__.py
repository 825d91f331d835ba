"""The only door through which plugins reach the core.

Importing it imports no model. What needs models or Wagtail is in the modules: `pages`, `points`, `events`, `hooks` …
"""

from typing import TYPE_CHECKING

from .enums import PluginState
from .manifest import PLUGIN_API, HandedOver, Impact, PersonalRecords, Plugin
from .state import enabled_plugins, is_enabled, is_owner_on, plugin_state, site_state

if TYPE_CHECKING:
    from .ownership import owner_of
    from .urls import reserved_slug_owner

__all__ = [
    "PLUGIN_API",
    "HandedOver",
    "Impact",
    "PersonalRecords",
    "Plugin",
    "PluginState",
    "enabled_plugins",
    "is_enabled",
    "is_owner_on",
    "owner_of",
    "plugin_state",
    "reserved_slug_owner",
    "site_state",
]


def __getattr__(name: str) -> object:
    """Import late what imports Wagtail, which can't be imported while the apps are still loading."""
    if name == "owner_of":
        from .ownership import owner_of

        return owner_of
    if name == "reserved_slug_owner":
        from .urls import reserved_slug_owner

        return reserved_slug_owner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
