"""The manifest."""

from collections.abc import Sequence

from django.apps import apps

from cms.plugin_api import Impact, Plugin


class DummyPlugin(Plugin):
    name = "tests.dummy_plugin"
    slug = "dummy"
    title = "Dummy"
    summary = "Uses every extension point."
    version = "1.2"
    icon = "cog"
    blocks = {"dummy_greeting": "tests.dummy_plugin.blocks:GreetingBlock"}
    contributions = {
        "menu_items": "tests.dummy_plugin.contrib:menu_items",
        "page_sidebar": "tests.dummy_plugin.contrib:page_sidebar",
        "calendar_entries": "tests.dummy_plugin.contrib:calendar_entries",
        "search_sources": "tests.dummy_plugin.contrib:search_sources",
        "demo_content": "tests.dummy_plugin.contrib:demo_content",
        "membership": "tests.dummy_plugin.contrib:EverybodyIsMember",
    }
    receivers = {
        "page_published": "tests.dummy_plugin.contrib:page_published",
        "plugin_toggled": "tests.dummy_plugin.contrib:plugin_toggled",
    }

    def impact(self) -> Sequence[Impact]:
        return [Impact("Things", apps.get_model("dummy", "Thing").objects.count(), "/admin/thing/")]
