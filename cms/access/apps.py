from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Who may read what."""

    name = "cms.access"
    verbose_name = _("Who may read")

    def ready(self) -> None:
        """Hear of rules that go, and let copies keep theirs."""
        from . import signals
        from .services import copies_keep_rules

        signals.connect()
        copies_keep_rules()
