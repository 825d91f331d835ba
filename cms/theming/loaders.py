"""Template loading: the active theme and its parents first, then the apps' own templates."""

from pathlib import Path

from django.template import Engine, Origin
from django.template.loaders.cached import Loader as CachedLoader
from django.template.loaders.filesystem import Loader as FilesystemLoader
from django.template.utils import get_app_template_dirs

from .themes import active_theme


class ThemeLoader(FilesystemLoader):
    """Looks in the theme's `templates/`, then its parent's, then each app's."""

    def get_dirs(self) -> list[str | Path]:
        return [*active_theme().template_dirs, *get_app_template_dirs("templates")]


class Loader(CachedLoader):
    """Keeps compiled templates by theme, so that a change of theme holds at once in every process."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, [])
        self.loaders = [ThemeLoader(engine)]

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{active_theme().name}:{super().cache_key(template_name, skip)}"
