from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Who may read what."""

    name = "cms.access"
    verbose_name = _("Who may read")

    def ready(self) -> None:
        """Hear of rules that go, let copies keep theirs, and all of the desk keep to what its reader may read."""
        from . import signals
        from .forms import forms_keep_to_what_is_open
        from .services import copies_keep_rules, moves_of_collections_are_watched
        from .views.choosers import choosers_keep_to_what_is_open
        from .views.desk import desk_keeps_to_what_is_open
        from .views.tags import filters_keep_to_what_is_open

        signals.connect()
        copies_keep_rules()
        moves_of_collections_are_watched()
        forms_keep_to_what_is_open()
        choosers_keep_to_what_is_open()
        desk_keeps_to_what_is_open()
        filters_keep_to_what_is_open()
