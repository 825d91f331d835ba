from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cms.plugin_api import HandedOver


class PagesConfig(AppConfig):
    name = "cms.pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from .panels import compare_values_in_words
        from .views import creation_takes_turns

        compare_values_in_words()
        creation_takes_turns()

    def hand_over_desk(self, person: Any, to: Any) -> Sequence[HandedOver]:
        """Pass on drafts, locks, and what was sent for approval."""
        from .services import drafts_hand_over

        return drafts_hand_over(person=person, to=to)
