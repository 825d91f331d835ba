from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    name = "cms.calendar"
    verbose_name = _("Calendar")

    def ready(self) -> None:
        from . import checks  # noqa: F401 registers the system check
