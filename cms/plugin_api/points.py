"""The typed extension points at which the core asks its plugins.

A point is a function that gives nothing itself: its signature is what receivers must take, its return type what they
must give, its docstring the reference. A plugin names its receiver in `contributions`; only plugins that are on are
asked.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from .errors import isolated
from .state import enabled_plugins

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from wagtail.models import Page

    from .manifest import Plugin

P = ParamSpec("P")
R = TypeVar("R")


class Point(Generic[P, R]):
    """A place where plugins add to what the core does."""

    def __init__(self, declaration: Callable[P, Iterable[R] | None]) -> None:
        self.name = declaration.__name__
        self.declaration = declaration
        self.__doc__ = inspect.getdoc(declaration)

    @property
    def signature(self) -> inspect.Signature:
        """The parameters that a receiver must accept."""
        return inspect.signature(self.declaration)

    def receivers(self) -> Iterator[tuple[Plugin, str]]:
        """Yield each plugin that is on and contributes here, with the dotted path of its receiver."""
        for plugin in enabled_plugins():
            if self.name in plugin.contributions:
                yield plugin, plugin.contributions[self.name]

    def collect(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Ask every plugin that is on and return what they give, plugin by plugin.

        A receiver that raises is recorded with its plugin's name and gives nothing; the others are asked all the same.
        """
        found: list[R] = []
        for plugin, path in self.receivers():
            with isolated(plugin.slug, f"point {self.name}"):
                found.extend(load_receiver(path)(*args, **kwargs) or ())
        return found


def load_receiver(path: str) -> Callable[..., Any]:
    """Import the function at "package.module:function"."""
    return import_string(path.replace(":", "."))


points: dict[str, Point[..., Any]] = {}


def point(declaration: Callable[P, Iterable[R] | None]) -> Point[P, R]:
    """Declare an extension point of the core."""
    declared = Point(declaration)
    points[declared.name] = declared
    return declared


@dataclass(frozen=True)
class MenuItem:
    """A link in the site's main menu. Items are sorted by `order`; the page tree's own begin at 100."""

    title: str | Promise
    url: str
    order: int = 500


@dataclass(frozen=True)
class SidebarCard:
    """A box beside a page: a title, and a template rendered with `context`."""

    title: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 500


@dataclass(frozen=True)
class CalendarQuery:
    """What a calendar wants to show: everything that touches the days from `start` to `end`, both included."""

    start: date
    end: date
    fiscal_year: int | None = None


@dataclass(frozen=True)
class CalendarEntry:
    """Something that happens. `uid` stays the same for ever (RFC 5545); times are aware; `end` None is unknown."""

    uid: str
    title: str
    start: datetime
    end: datetime | None = None
    location: str = ""
    url: str = ""
    kind: str | Promise = ""
    description: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True)
class SearchRecord:
    """What the site's search keeps of one object.

    `day` is a date of its own, printed with it, by which its fiscal year is found unless that is given; `updated` only
    orders it among others.
    """

    title: str
    url: str
    text: str = ""
    day: date | None = None
    fiscal_year: int | None = None
    updated: date | None = None


@dataclass(frozen=True)
class SearchSource:
    """Objects of a plugin, other than pages, that the site's search shall find.

    `record` gives what is kept of an object, None while it shall not be found; it runs after each save. `visible_to`
    narrows a queryset of the model to what a user (or AnonymousUser) may see: it decides at each search, before
    anything is counted, and has to be a plain filter.
    """

    model: type[Model]
    label: str | Promise
    record: Callable[[Any], SearchRecord | None]
    visible_to: Callable[[QuerySet[Any], Any], QuerySet[Any]]

    @property
    def name(self) -> str:
        """The label of the model, by which its entries are known."""
        return self.model._meta.label_lower  # noqa: SLF001 - Django's public _meta


@dataclass(frozen=True)
class DemoContext:
    """What a demo loader works with: the folder of fixtures, a way to report progress, and the site's home page."""

    fixtures: Path
    report: Callable[[str], None]
    home: Page


@point
def menu_items() -> Iterable[MenuItem]:
    """Add links to the site's main menu. Called once for each page that is rendered; keep it free of queries."""
    return ()


@point
def page_sidebar(page: Page, request: HttpRequest) -> Iterable[SidebarCard]:
    """Add boxes beside a page. `page` is the specific page that is shown."""
    return ()


@point
def calendar_entries(query: CalendarQuery) -> Iterable[CalendarEntry]:
    """Give what happens in a period, for the site's calendars and .ics files. Only what everybody may see."""
    return ()


@point
def search_sources() -> Iterable[SearchSource]:
    """Name what the site's search shall find besides pages, which it finds by itself. Must not query."""
    return ()


@point
def demo_content(context: DemoContext) -> None:
    """Load the plugin's part of the demo. Must be idempotent and leave alone what a person has changed since."""
