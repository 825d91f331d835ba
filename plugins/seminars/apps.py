"""The manifest of the seminars plugin."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from cms.plugin_api import Impact, Plugin


class SeminarsConfig(Plugin):
    name = "plugins.seminars"
    slug = "seminars"
    title = _("Seminars")
    summary = _("Announces seminars with their occurrences, programme, speakers and attendance.")
    version = "1.0.0"
    icon = "calendar-alt"
    blocks = {"seminars_list": "plugins.seminars.blocks:SeminarListBlock"}
    contributions = {
        "calendar_entries": "plugins.seminars.contrib:calendar_entries",
        "corner_cards": "plugins.seminars.contrib:corner_cards",
        "page_sidebar": "plugins.seminars.contrib:page_sidebar",
        "demo_content": "plugins.seminars.demo:load",
    }

    def impact(self) -> Sequence[Impact]:
        """What visitors stop seeing when the plugin is switched off."""
        from .selectors import impact

        return impact()
