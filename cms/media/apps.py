from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """What is uploaded."""

    name = "cms.media"
    verbose_name = _("Images and documents")

    def ready(self) -> None:
        """Hear of versions that go."""
        from . import signals

        signals.connect()
