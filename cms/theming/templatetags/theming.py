"""`{% load theming %}`: addresses of the active theme's files, and its colours."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static

from cms.theming.themes import active_theme, previewed_theme, site_theme

register = template.Library()


@dataclass(frozen=True)
class Stylesheet:
    """One `<link rel="stylesheet">`."""

    url: str
    media: str


@register.simple_tag
def theme_static(path: str) -> str:
    """Return the address of a static file: the active theme's own, or its nearest ancestor's."""
    return static(active_theme().static_path(path))


@register.simple_tag
def theme_stylesheets() -> list[Stylesheet]:
    """Return the sheets of the theme and its ancestors, the root theme's first and those for paper last."""
    theme = active_theme()
    chain = tuple(reversed(theme.chain))
    screen = [(path, "all") for ancestor in chain for path in ancestor.stylesheets]
    paper = [(path, "print") for ancestor in chain for path in ancestor.print_stylesheets]
    return [Stylesheet(static(theme.static_path(path)), media) for path, media in dict.fromkeys(screen + paper)]


@register.simple_tag
def theme_colour(scheme: str) -> str:
    """Return the colour that the browser paints around the page in the `light` or the `dark` scheme."""
    return active_theme().colour(scheme)


@register.inclusion_tag("theming/preview_bar.html", takes_context=True)
def theme_preview_bar(context: Context) -> dict[str, Any]:
    """Print the bar of an administrator who looks at a theme: what they see, and how to choose or leave it."""
    request = context["request"]
    previewed = None if getattr(request, "is_preview", False) else previewed_theme()
    return {"previewed": previewed, "in_use": site_theme() if previewed else None, "request": request}
