from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """What is uploaded."""

    name = "cms.media"
    verbose_name = _("Images and documents")

    def ready(self) -> None:
        """Hear of versions that go, and let collections be searched."""
        from . import signals
        from .views.collections import collections_can_be_searched

        signals.connect()
        collections_can_be_searched()
