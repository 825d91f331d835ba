"""Who may use the switchboard."""

from typing import Any

TOGGLE_PLUGIN = "plugin_api.toggle_plugin"


def may_toggle_plugins(user: Any) -> bool:
    """Say whether a person may switch plugins, and see the switchboard."""
    return bool(user.has_perm(TOGGLE_PLUGIN))
