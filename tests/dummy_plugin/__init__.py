"""A plugin that uses every extension point: the one that the tests of the plugin system switch."""
