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
        "account_ways": "tests.dummy_plugin.contrib:account_ways",
        "menu_items": "tests.dummy_plugin.contrib:menu_items",
        "reader_groups": "tests.dummy_plugin.contrib:reader_groups",
        "page_sidebar": "tests.dummy_plugin.contrib:page_sidebar",
        "calendar_entries": "tests.dummy_plugin.contrib:calendar_entries",
        "search_sources": "tests.dummy_plugin.contrib:search_sources",
        "audiences": "tests.dummy_plugin.contrib:audiences",
        "awaited_answers": "tests.dummy_plugin.contrib:awaited_answers",
        "corner_news": "tests.dummy_plugin.contrib:corner_news",
        "corner_cards": "tests.dummy_plugin.contrib:corner_cards",
        "to_dos": "tests.dummy_plugin.contrib:to_dos",
        "demo_content": "tests.dummy_plugin.contrib:demo_content",
    }
    receivers = {
        "page_published": "tests.dummy_plugin.contrib:page_published",
        "people_seen": "tests.dummy_plugin.contrib:people_seen",
        "plugin_toggled": "tests.dummy_plugin.contrib:plugin_toggled",
    }

    def impact(self) -> Sequence[Impact]:
        return [Impact("Things", apps.get_model("dummy", "Thing").objects.count(), "/admin/thing/")]
