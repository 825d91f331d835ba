"""The manifest: what a plugin says of itself, in its `apps.py`."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise

PLUGIN_API = "1.0"


class Plugin(AppConfig):
    """Base of every plugin's app config. `slug` is its identity, its URL prefix and its template folder."""

    slug: ClassVar[str]
    title: ClassVar[str | Promise]
    summary: ClassVar[str | Promise]
    version: ClassVar[str]
    icon: ClassVar[str] = "cogs"
    api: ClassVar[str] = ">=1.0,<2"
    requires: ClassVar[tuple[str, ...]] = ()
    uses: ClassVar[tuple[str, ...]] = ()
