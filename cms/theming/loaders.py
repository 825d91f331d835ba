"""Template loading: the active theme first, then the templates of the apps."""

from pathlib import Path

from django.conf import settings
from django.template.loaders.filesystem import Loader as FilesystemLoader
from django.template.utils import get_app_template_dirs


class Loader(FilesystemLoader):
    """Looks in the active theme's `templates/`, then in each app's."""

    def get_dirs(self) -> list[Path]:
        return [settings.BASE_DIR / "themes" / settings.CMS_THEME / "templates", *get_app_template_dirs("templates")]
