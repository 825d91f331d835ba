"""The manifest: what a plugin says of itself, in its `apps.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise

from .loader import naming

PLUGIN_API = "1.0"


@dataclass(frozen=True)
class Impact:
    """One line of what an administrator should know before switching: "12 live pages", with where to see them.

    `label` names the thing that is counted; it is printed before the number.
    """

    label: str | Promise
    count: int
    url: str = ""


@dataclass(frozen=True)
class PersonalRecords:
    """What one place keeps about a person: its name in a file, its name for people, and rows of label and value."""

    name: str
    label: str | Promise
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class HandedOver:
    """What passes from one person of the secretariat to another: what it is, and the names of the things."""

    label: str | Promise
    names: Sequence[str]


class Plugin(AppConfig):
    """Base of every plugin's app config.

    `slug` is its identity: app label, URL prefix, template folder and the name in `CMS_PLUGINS`.
    """

    slug: ClassVar[str]
    """Lower-case letters, digits and _; stays the same for ever."""
    title: ClassVar[str | Promise]
    """The name that people read."""
    summary: ClassVar[str | Promise]
    """What it does, in one sentence for the administrator."""
    version: ClassVar[str]
    """The plugin's own version."""
    icon: ClassVar[str] = "cogs"
    """The name of one of Wagtail's icons."""
    api: ClassVar[str] = ">=1.0,<2"
    """The versions of `PLUGIN_API` that it was written for."""
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
    recurring_jobs: ClassVar[tuple[Any, ...]] = ()
    """Tasks that run again and again while it is on, each a `cms.jobs.conf.RecurringJob`."""

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
        with naming(self.slug, "models"):
            super().import_models()

    def impact(self) -> Sequence[Impact]:
        """Return what switching this plugin touches, besides its live pages, which the core counts. May query."""
        return ()

    def personal_data(self, person: Any) -> Sequence[PersonalRecords]:
        """Return what the plugin keeps about a person (`cms.accounts.User`), for whoever asks for their own data.

        Asked of every plugin that is installed, those that are off too: the rows are there all the same.
        """
        return ()

    def erase_person(self, person: Any, *, neutral_name: str) -> Sequence[Impact]:
        """Take the person out of what the plugin keeps, inside a transaction; return what that was, in numbers.

        What was written keeps organisation and role, and gets `neutral_name` for the name. It is undone where it is
        only tried, so it must do nothing but write to the database. Asked of every plugin that is installed.
        """
        return ()

    def hand_over_desk(self, person: Any, to: Any) -> Sequence[HandedOver]:
        """Pass on what waits for somebody of the secretariat who leaves, inside a transaction; return what that was.

        What is done stays in the name of who did it. It is undone where it is only tried, so it must do nothing but
        write to the database. Asked of every plugin that is installed.
        """
        return ()

    def on_enable(self) -> None:
        """Run inside the transaction that switches the plugin on; raising refuses the switch."""

    def on_disable(self) -> None:
        """Run inside the transaction that switches the plugin off; raising is recorded and doesn't hold it up."""
