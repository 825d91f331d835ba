from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "cms.site"
    verbose_name = _("Site frame")

    def ready(self) -> None:
        from . import checks, signals  # noqa: F401 - importing the checks registers them
        from .querysets import lists_keep_to_the_range
        from .tables import make_exports_readable, make_exports_safe, make_filters_readable, make_lists_exportable
        from .views.redirects import redirects_can_be_ticked

        make_exports_safe()
        make_exports_readable()
        make_lists_exportable()
        make_filters_readable()
        redirects_can_be_ticked()
        lists_keep_to_the_range()
        signals.connect()
        signals.connect_migrations(self)
