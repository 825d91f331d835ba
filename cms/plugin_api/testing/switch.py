"""Switching a plugin for the length of a block."""

from collections.abc import Iterator
from contextlib import contextmanager

from cms.plugin_api.services import plugin_toggle


@contextmanager
def plugin_disabled(slug: str) -> Iterator[None]:
    """Switch the plugin off, and on again afterwards, as an administrator does."""
    plugin_toggle(slug=slug, on=False, by=None)
    try:
        yield
    finally:
        plugin_toggle(slug=slug, on=True, by=None)
