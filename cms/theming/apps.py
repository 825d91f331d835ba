from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemingConfig(AppConfig):
    name = "cms.theming"
    verbose_name = _("Themes")

    def ready(self) -> None:
        from . import checks  # noqa: F401 - importing it registers the checks
