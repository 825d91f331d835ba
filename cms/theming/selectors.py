"""What the administrator who chooses a theme is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .permissions import may_choose_theme
from .themes import Theme, installed_themes, previewed_theme, site_theme

PREVIEW_KEY = "previewed_theme"  # in the session of the administrator who looks


@dataclass(frozen=True)
class Choice:
    """A theme, and whether the site or only this administrator sees it now."""

    theme: Theme
    is_in_use: bool
    is_previewed: bool


def theme_choices() -> list[Choice]:
    """Return every theme that can be read, in the order of their names."""
    in_use, previewed = site_theme(), previewed_theme()
    return [Choice(theme, theme == in_use, theme == previewed) for theme in installed_themes()]


def previewed_name(session: Mapping[str, Any], user: Any) -> str:
    """Return the theme that this person looks at, empty if none: the right to choose is asked at each request."""
    name: str = session.get(PREVIEW_KEY, "")
    return name if name and may_choose_theme(user) else ""
