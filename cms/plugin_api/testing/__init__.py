"""What the tests of a plugin need. Import it in tests only: it needs pytest.

from cms.plugin_api.testing import PluginContract

class TestSurveys(PluginContract):
    slug = "surveys"
"""

from .addresses import addresses_of
from .contract import PluginContract
from .samples import sample_page
from .switch import plugin_disabled

__all__ = ["PluginContract", "addresses_of", "plugin_disabled", "sample_page"]
