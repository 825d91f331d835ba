"""Every installed plugin keeps the contract: the dummy one, each real one, and each that is added later."""

from cms.plugin_api.registry import installed_plugins
from cms.plugin_api.testing import PluginContract

for plugin in installed_plugins():
    name = f"Test{plugin.slug.title().replace('_', '')}"
    globals()[name] = type(name, (PluginContract,), {"slug": plugin.slug, "__test__": True})


def test_the_dummy_plugin_is_among_them():
    assert "TestDummy" in globals()
