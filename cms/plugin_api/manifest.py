"""The manifest: what a plugin says of itself, in its `apps.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

PLUGIN_API = "1.0"


@dataclass(frozen=True)
class Impact:
    """One line of what an administrator should know before switching: "12 live pages", with where to see them.

    `label` names the thing that is counted; it is printed before the number.
    """

    label: str | Promise
    count: int
    url: str = ""


class Plugin(AppConfig):
    """Base of every plugin's app config.

    `slug` is its identity: app label, URL prefix, template folder and the name in `CMS_PLUGINS`.
    """

    slug: ClassVar[str]
    title: ClassVar[str | Promise]
    summary: ClassVar[str | Promise]
    version: ClassVar[str]
    icon: ClassVar[str] = "cogs"
    api: ClassVar[str] = ">=1.0,<2"
    requires: ClassVar[tuple[str, ...]] = ()
    """Slugs of plugins without which this one can't be on."""
    uses: ClassVar[tuple[str, ...]] = ()
    """Slugs of plugins that this one gets on with better, but does without."""
    blocks: ClassVar[Mapping[str, str]] = {}
    """StreamField blocks for the core's pages: name (beginning with the slug) to dotted path of the block class."""
    contributions: ClassVar[Mapping[str, str]] = {}
    """Extension point or capability to the dotted path ("plugins.x.contrib:function") of what this plugin gives it."""
    receivers: ClassVar[Mapping[str, str]] = {}
    """Event name to the dotted path of the function that hears it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Derive Django's label and name for people from the manifest, so that nobody writes them twice."""
        super().__init_subclass__(**kwargs)
        if "slug" in cls.__dict__:
            cls.label = cls.slug
            # Django sees the imported base beside it in the module, and would choose neither.
            cls.default = True
        if "title" in cls.__dict__:
            cls.verbose_name = cls.title  # type: ignore[assignment]  # a lazy text, as Django allows

    def import_models(self) -> None:
        """Import the models as ever; a plugin that can't be imported stops the start, by name."""
        try:
            super().import_models()
        except Exception as error:
            raise ImproperlyConfigured(
                f"The plugin '{self.slug}' cannot be started: importing its models fails with {error!r}. "
                "Repair it, or take it out of CMS_PLUGINS."
            ) from error

    def impact(self) -> Sequence[Impact]:
        """Return what switching this plugin touches, besides its live pages, which the core counts. May query."""
        return ()

    def on_enable(self) -> None:
        """Run inside the transaction that switches the plugin on; raising refuses the switch."""

    def on_disable(self) -> None:
        """Run inside the transaction that switches the plugin off; raising is recorded and doesn't hold it up."""
