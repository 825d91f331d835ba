"""Every installed plugin keeps the contract: the dummy one, each real one, and each that is added later.

Where a plugin's pages or addresses need help, the class `Contract` in `tests/plugins/<slug>/contract.py` gives it.
"""

from importlib import import_module
from pathlib import Path

from cms.plugin_api.registry import installed_plugins
from cms.plugin_api.testing import PluginContract

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


def contract_of(slug: str) -> type[PluginContract]:
    """Return the plugin's own contract class, or the plain one."""
    if (PLUGINS / slug / "contract.py").exists():
        return import_module(f"tests.plugins.{slug}.contract").Contract
    return PluginContract


for plugin in installed_plugins():
    name = f"Test{plugin.slug.title().replace('_', '')}"
    globals()[name] = type(name, (contract_of(plugin.slug),), {"slug": plugin.slug, "__test__": True})


def test_the_dummy_plugin_is_among_them():
    assert "TestDummy" in globals()
