from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Who may read what."""

    name = "cms.access"
    verbose_name = _("Who may read")

    def ready(self) -> None:
        """Hear of rules that go, let copies keep theirs, and lists of the desk name what their reader may read."""
        from . import signals
        from .services import copies_keep_rules
        from .views.desk import desk_keeps_to_what_is_open

        signals.connect()
        copies_keep_rules()
        desk_keeps_to_what_is_open()
