"""Who may choose the theme: whoever may switch plugins, since both change the whole site at once."""

from typing import Any

CHOOSE_THEME = "plugin_api.toggle_plugin"


def may_choose_theme(user: Any) -> bool:
    """Say whether a person may choose the theme."""
    return bool(user.has_perm(CHOOSE_THEME))
