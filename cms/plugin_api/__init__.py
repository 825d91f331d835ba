"""The only door through which plugins reach the core."""

from .manifest import PLUGIN_API, Plugin

__all__ = ["PLUGIN_API", "Plugin"]
