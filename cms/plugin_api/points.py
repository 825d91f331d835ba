"""The typed extension points at which the core asks its plugins.

A point is a function that gives nothing itself: its signature is what receivers must take, its return type what they
must give, its docstring the reference. A plugin names its receiver in `contributions`; only plugins that are on are
asked.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.timezone import is_naive

from .errors import isolated
from .state import enabled_plugins

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.db.models import Model, QuerySet
    from django.forms import Form
    from wagtail.models import Page

    from .manifest import Plugin

P = ParamSpec("P")
R = TypeVar("R")


class Point(Generic[P, R]):
    """A place where plugins add to what the core does: each receiver gives things of the type `gives`, or nothing."""

    def __init__(self, declaration: Callable[P, Iterable[R] | None], gives: type[R] | None) -> None:
        self.name = declaration.__name__
        self.declaration = declaration
        self.gives = gives
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

        A receiver that raises, or gives something else, is recorded with its plugin's name and gives nothing; the
        others are asked all the same.
        """
        return [given for _plugin, given in self.collect_with_plugin(*args, **kwargs)]

    def collect_with_plugin(self, *args: P.args, **kwargs: P.kwargs) -> list[tuple[str, R]]:
        """Return each thing with the slug of the plugin that gave it, for what runs its code later."""
        found: list[tuple[str, R]] = []
        for plugin, path in self.receivers():
            with self.isolated(plugin.slug):
                things = [self._checked(thing) for thing in load_receiver(path)(*args, **kwargs) or ()]
                found += [(plugin.slug, thing) for thing in things]
        return found

    def isolated(self, plugin: str) -> AbstractContextManager[None]:
        """Catch and record what raises in a plugin's contribution to this point."""
        return isolated(plugin, f"point {self.name}")

    def _checked(self, thing: R) -> R:
        """Refuse here, under the plugin's name, what would break the page that uses it."""
        if self.gives is None or not isinstance(thing, self.gives):
            expected = self.gives.__name__ if self.gives else "nothing"
            raise TypeError(f"It gave {thing!r}; expected is {expected}.")
        return thing


def load_receiver(path: str) -> Callable[..., Any]:
    """Import the function at "package.module:function"."""
    return import_string(path.replace(":", "."))


points: dict[str, Point[..., Any]] = {}


def point(gives: type[R] | None = None) -> Callable[[Callable[P, Iterable[R] | None]], Point[P, R]]:
    """Declare an extension point of the core, at which receivers give things of one type."""

    def declare(declaration: Callable[P, Iterable[R] | None]) -> Point[P, R]:
        declared = Point(declaration, gives)
        points[declared.name] = declared
        return declared

    return declare


def _refuse_naive(title: str, *times: datetime | None) -> None:
    if any(time is not None and is_naive(time) for time in times):
        raise ValueError(f"The times of “{title}” must be aware.")


@dataclass(frozen=True)
class MenuItem:
    """A link in the site's main menu. Items are sorted by `order`; the page tree's own begin at 100."""

    title: str | Promise
    url: str
    order: int = 500


@dataclass(frozen=True)
class SidebarCard:
    """A box beside a page or in the members' corner: a title, and a template rendered with `context`."""

    title: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 500


@dataclass(frozen=True)
class CalendarQuery:
    """What a calendar wants to show: everything that touches the days from `start` to `end`, both included.

    `request`, where there is one, makes the addresses of many pages cheap: `page.get_full_url(query.request)`.
    """

    start: date
    end: date
    fiscal_year: int | None = None
    request: HttpRequest | None = None


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

    def __post_init__(self) -> None:
        """Refuse a time without its zone: it can't be sorted among the others. Raises ValueError."""
        _refuse_naive(self.title, self.start, self.end, self.updated_at)


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
class ToDo:
    """Something that a person at the admin's desk has to see to: `count` things, said in one whole sentence.

    `url` leads to where it is done. `due` is the day by which, printed with what is left of the time. A count of 0 is
    not printed.
    """

    sentence: str | Promise
    url: str
    count: int = 1
    due: date | None = None

    def __post_init__(self) -> None:
        """Refuse a moment in the place of a day: it can't be sorted among the others. Raises TypeError."""
        if isinstance(self.due, datetime):
            raise TypeError(f"“{self.sentence}” is due at a moment; give its day.")


@dataclass(frozen=True)
class Addressee:
    """Somebody to whom an official notice goes: a person, or an organisation at its representative address.

    `address` is empty where none is known: they are listed for the telephone, so give them all the same. `values` fill
    the audience's placeholders; the organisation's name is filled by the core.
    """

    address: str
    name: str = ""
    person_id: int | None = None
    organisation_id: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """Whom the secretariat can write to, as long as the plugin is on.

    `slug` begins with the plugin's and stays the same for ever: a scheduled notice remembers it. `form`, where there is
    one, is what staff narrow the audience by (prefecture, kind); it must be valid when it is left empty. `addressees`
    gets its cleaned data, `{}` without one, and gives who that is now, in an order that people can read. It is asked
    for the preview and again at the moment of sending. `placeholders` names what differs between addressees, with
    sample values.
    """

    slug: str
    label: str | Promise
    addressees: Callable[[Mapping[str, Any]], Iterable[Addressee]]
    form: type[Form] | None = None
    help_text: str | Promise = ""
    placeholders: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptGroup:
    """A reader group that follows from what a plugin knows: whoever holds a seat of these organisations is in it.

    `key` is the one under which the plugin keeps the group (`cms.access.services.group_keep`). `organisations` is a
    queryset of `cms.accounts.Organisation` that nobody has evaluated: it becomes a part of other queries.
    """

    key: str
    organisations: QuerySet[Any]


@dataclass(frozen=True)
class CornerVisit:
    """Somebody of a member organisation looks at the members' corner.

    `since` is when they looked last: what came later is new to them. What is given must be theirs to see.
    """

    person: AbstractUser
    organisation: Model
    since: datetime
    request: HttpRequest


@dataclass(frozen=True)
class AwaitedAnswer:
    """Something that a member organisation is asked to answer, until `due` where that is set."""

    title: str
    url: str
    due: datetime | None = None
    kind: str | Promise = ""

    def __post_init__(self) -> None:
        """Refuse a time without its zone. Raises ValueError."""
        _refuse_naive(self.title, self.due)


@dataclass(frozen=True)
class CornerNews:
    """Something that appeared, or changed, at a moment; `kind` says in a word what it is."""

    title: str
    url: str
    at: datetime
    kind: str | Promise = ""

    def __post_init__(self) -> None:
        """Refuse a time without its zone. Raises ValueError."""
        _refuse_naive(self.title, self.at)


@dataclass(frozen=True)
class DemoContext:
    """What a demo loader works with: the folder of fixtures, a way to report progress, and the site's home page.

    `report` prints a line on the console, whose language is English as that of every command.
    """

    fixtures: Path
    report: Callable[[str], None]
    home: Page


@point(MenuItem)
def menu_items() -> Iterable[MenuItem]:
    """Add links to the site's main menu. Called once for each page that is rendered; keep it free of queries."""
    return ()


@point(MenuItem)
def account_ways() -> Iterable[MenuItem]:
    """Offer ways to an account below the form for logging in, to who has none. Must not query."""
    return ()


@point(SidebarCard)
def page_sidebar(page: Page, request: HttpRequest) -> Iterable[SidebarCard]:
    """Add boxes beside a page. `page` is the specific page that is shown."""
    return ()


@point(CalendarEntry)
def calendar_entries(query: CalendarQuery) -> Iterable[CalendarEntry]:
    """Give what happens in a period, for the site's calendars and .ics files. Only what everybody may see."""
    return ()


@point(SearchSource)
def search_sources() -> Iterable[SearchSource]:
    """Name what the site's search shall find besides pages, which it finds by itself. Must not query."""
    return ()


@point(Audience)
def audiences() -> Iterable[Audience]:
    """Name whom the secretariat can send an official notice to, in the admin under Mail. Must not query."""
    return ()


@point(KeptGroup)
def reader_groups(on: date) -> Iterable[KeptGroup]:
    """Say who is in the reader groups that the plugin keeps, on a day. Must not query. Off, it lets nobody in."""
    return ()


@point(ToDo)
def to_dos(user: AbstractUser) -> Iterable[ToDo]:
    """Say what this person has to see to today, on the admin's home. Ask their permission first; one query a line."""
    return ()


@point(AwaitedAnswer)
def awaited_answers(visit: CornerVisit) -> Iterable[AwaitedAnswer]:
    """Say what the organisation still has to answer, for the head of the members' corner; not what it has answered."""
    return ()


@point(CornerNews)
def corner_news(visit: CornerVisit) -> Iterable[CornerNews]:
    """Say what is new to the person since `visit.since`: a few, the latest first. One query is enough."""
    return ()


@point(SidebarCard)
def corner_cards(visit: CornerVisit) -> Iterable[SidebarCard]:
    """Add boxes to the members' corner, such as what comes next or what the organisation has on file."""
    return ()


@point()
def demo_content(context: DemoContext) -> None:
    """Load the plugin's part of the demo. Must be idempotent and leave alone what a person has changed since."""
