"""Says at start what is wrong with a theme, in one sentence each."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .themes import ThemeError, load_theme, theme_names


@register
def check_themes(**kwargs: Any) -> list[CheckMessage]:
    """Check that CMS_THEME exists and that every installed theme can be read and has the files that it names."""
    found: list[CheckMessage] = []
    if settings.CMS_THEME not in theme_names():
        found.append(Error(f"CMS_THEME: {_mistake(settings.CMS_THEME)}", id="theming.E001"))
    broken = [(name, mistake) for name in theme_names() if (mistake := _mistake(name))]
    return [*found, *(Error(mistake, id="theming.E002", obj=f"themes/{name}") for name, mistake in broken)]


def _mistake(name: str) -> str:
    """Return what keeps the theme from working, empty if nothing does."""
    try:
        theme = load_theme(name)
        for path in (*theme.stylesheets, *theme.print_stylesheets):
            theme.static_path(path)
    except ThemeError as error:
        return str(error)
    return ""
