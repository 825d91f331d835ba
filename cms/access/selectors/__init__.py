"""Who may read what. Every list, page, file, hit and feed asks here; nothing else decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.lookups import StartsWith
from wagtail.models import BaseViewRestriction, Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.permissions import policy_registry

from cms.access.enums import Audience
from cms.access.models import AccessRule, Group, GroupMembership
from cms.accounts.models import Organisation, Seat, User
from cms.calendar import today
from cms.plugin_api.capabilities import membership
from cms.plugin_api.points import reader_groups

Pages = TypeVar("Pages", bound="QuerySet[Any, Any]")

EDITING = ("change", "publish")
"""What one must be allowed to do with a page, to read it whatever its rule."""
KEEPING = ("change",)
"""The same of an image or a document. Being allowed to choose one for a page is not enough."""


class Reader:
    """Somebody who wants to read, on one day. What follows from that is asked once, and not before it is needed."""

    def __init__(self, user: User | AnonymousUser | None = None, *, on: dt.date | None = None) -> None:
        self._user = user
        self._on = on

    @cached_property
    def person(self) -> User | None:
        """Who is logged in; None for a visitor."""
        user = self._user
        return user if isinstance(user, AbstractUser) and user.is_active else None

    @cached_property
    def on(self) -> dt.date:
        """The day by which memberships are judged: today, unless another was asked for."""
        return self._on or today()

    @property
    def reads_everything(self) -> bool:
        """Whether no rule holds: an administrator may edit whatever there is."""
        return self.person is not None and self.person.is_superuser

    @cached_property
    def organisation(self) -> Organisation | None:
        """For whom the person holds a seat on that day."""
        return Organisation.objects.of_person(self.person, self.on).first() if self.person else None

    @cached_property
    def is_member(self) -> bool:
        """Whether that organisation is a member of the association; nobody is while no plugin keeps a register."""
        return self.organisation is not None and membership.provider().is_member(self.organisation, self.on)

    @cached_property
    def _met(self) -> list[tuple[int, int | None, int | None]]:
        if self.person is None:
            return []
        mine = GroupMembership.objects.of_person(self.person, self.on)
        rules = AccessRule.objects.met_by(is_member=self.is_member, memberships=mine, kept=self._kept_groups)
        return list(rules.values_list("pk", "page_floor_id", "collection_floor_id").distinct())

    @property
    def _kept_groups(self) -> Q:
        """The condition on a rule of naming a group, kept by a plugin, that the organisation is in on that day."""
        condition = Q(pk__in=[])
        if self.organisation is not None:
            for one in reader_groups.collect(self.on):
                condition |= Q(Exists(one.organisations.filter(pk=self.organisation.pk)), groups__key=one.key)
        return condition

    @cached_property
    def page_floors(self) -> set[int]:
        """The restrictions of pages on which the rules stand that this reader meets."""
        return {floor for _rule, floor, _other in self._met if floor}

    @cached_property
    def collection_floors(self) -> set[int]:
        """The restrictions of collections on which the rules stand that this reader meets."""
        return {floor for _rule, _other, floor in self._met if floor}

    @cached_property
    def closed_collections(self) -> dict[int, Audience]:
        """The collections whose files the reader may not have, unless they edit them, with whom each is for.

        For members, where being one is all that is asked; for groups, wherever else it is closed.
        """
        shutting = restrictions_above("path", self)
        others = Exists(shutting.exclude(rule__audience=Audience.MEMBERS))
        shut = Collection.objects.filter(Exists(shutting)).order_by().annotate(others=others)
        return {pk: Audience.GROUPS if others else Audience.MEMBERS for pk, others in shut.values_list("pk", "others")}

    def meets(self, rule: AccessRule) -> bool:
        """Whether the rule lets the reader in."""
        return any(rule.pk == met for met, _floor, _other in self._met)

    def edits_page(self, page: Page) -> bool:
        """Whether the person may edit the page, and so reads it whatever its rule."""
        return self.person is not None and page.permissions_for_user(self.person).can_edit()

    def edited_pages(self) -> QuerySet[Page] | None:
        """Return the pages that the person may edit; None for whoever edits none."""
        if self.person is None or not _pages_policy().user_has_any_permission(self.person, EDITING):
            return None
        return _pages_policy().instances_user_has_any_permission_for(self.person, EDITING).order_by()

    def keeps_file(self, file: Any) -> bool:
        """Whether the person may edit the image or document, and so may have it whatever the rule."""
        policy = policy_registry.get_by_type(type(file))
        return self.person is not None and policy.user_has_any_permission_for_instance(self.person, KEEPING, file)

    def kept_files(self, model: type[Any]) -> QuerySet[Any] | None:
        """Return the images or documents that the person may edit; None for whoever edits none."""
        policy = policy_registry.get_by_type(model)
        if self.person is None or not policy.user_has_any_permission(self.person, KEEPING):
            return None
        return policy.instances_user_has_any_permission_for(self.person, KEEPING).order_by()


def seats_in(groups: Iterable[Group], on: dt.date) -> QuerySet[Seat]:
    """Return the seats that are in any of the groups on that day, by name or because a plugin says so."""
    named = list(groups)
    keys = {group.key for group in named if group.key}
    inside = Q(pk__in=GroupMembership.objects.active_on(on).filter(group__in=named).values("seat"))
    for one in reader_groups.collect(on) if keys else ():
        if one.key in keys:
            inside |= Q(organisation__in=one.organisations.order_by().values("pk"))
    return Seat.objects.filter(inside)


VISITOR = Reader()
"""Lives as long as the process: nothing that changes is to be asked of it."""

_current: ContextVar[Reader | None] = ContextVar("access_reader", default=None)


def current_reader() -> Reader:
    """Return who reads in this request; outside of one, a visitor who remembers nothing from one call to the next."""
    return _current.get() or Reader()


@contextmanager
def reading_as(reader: Reader) -> Iterator[None]:
    """Let everything inside be listed and shown as this reader may see it, by what holds meanwhile."""
    token = _current.set(copy(reader))
    try:
        yield
    finally:
        _current.reset(token)


def reader_for(user: Any) -> Reader:
    """Return the reader that a user is: the one of this request, where that is the same person."""
    reader = current_reader()
    person = user if getattr(user, "is_authenticated", False) else None
    return reader if reader.person == person else Reader(person)


def readable_pages(pages: Pages, reader: Reader | None = None) -> Pages:
    """Leave out the pages that the reader may not read. Adds no query for a visitor."""
    reader = reader or current_reader()
    if reader.reads_everything:
        return pages
    readable = ~Exists(_shutting(reader))
    edited = reader.edited_pages()
    return pages.filter(readable if edited is None else readable | Q(pk__in=edited.values("pk")))


def readable_files(files: QuerySet[Any], reader: Reader | None = None) -> QuerySet[Any]:
    """Leave out the images or documents that the reader may not have. Adds no query for a visitor."""
    reader = reader or current_reader()
    if reader.reads_everything:
        return files
    readable = ~Q(collection__in=shut_collections(reader))
    kept = reader.kept_files(files.model)
    return files.filter(readable if kept is None else readable | Q(pk__in=kept.values("pk")))


def audiences_of_closed(files: Iterable[Any]) -> dict[int, Audience]:
    """Return those of some images, or of some documents, that whoever reads may not have, by key: whom each is for.

    One query for all lists of a page, and for whoever edits files another for each list that holds closed ones.
    """
    reader = current_reader()
    closed = {} if reader.reads_everything else reader.closed_collections
    found = [one for one in files if one.collection_id in closed]
    kept = reader.kept_files(type(found[0])) if found else None
    own = set() if kept is None else set(kept.filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return {one.pk: closed[one.collection_id] for one in found if one.pk not in own}


def shut_collections(reader: Reader) -> QuerySet[Collection]:
    """Return the collections whose rules, or the rules above them, shut the reader out."""
    return Collection.objects.filter(Exists(restrictions_above("path", reader))).order_by().values("pk")


def restrictions_above(path: str, reader: Reader = VISITOR) -> QuerySet[CollectionViewRestriction]:
    """Return the restrictions, at or above the collection with that path, that shut the reader out."""
    listed = ExpressionWrapper(OuterRef(path), output_field=CharField())
    above = CollectionViewRestriction.objects.alias(listed_path=listed)
    above = above.filter(listed_path__startswith=F("collection__path"))
    return above.exclude(pk__in=reader.collection_floors, restriction_type=BaseViewRestriction.LOGIN)


def page_restrictions(page: Page) -> QuerySet[PageViewRestriction]:
    """Return the restrictions at or above a page, and at or above what it shows where it is an alias.

    Wagtail leaves out those above the source of an alias, and those of the alias itself.
    """
    found: QuerySet[PageViewRestriction] = page.get_view_restrictions()
    if found.query.is_empty():  # the way to the page has shown that there are none
        return found
    steps = [step for place in (page, *sources_of(page)) for step in steps_to(place)]
    return found | PageViewRestriction.objects.filter(page__path__in=steps)


def steps_to(place: Page | Collection) -> list[str]:
    """Return the tree paths from the top down to a page or collection."""
    return [place.path[:end] for end in range(place.steplen, len(place.path) + 1, place.steplen)]


def sources_of(place: Page | Collection) -> Iterator[Page]:
    """Yield what an alias shows; of an alias of an alias, both."""
    source = getattr(place, "alias_of", None)
    while source is not None:
        yield source
        source = source.alias_of


def _shutting(reader: Reader) -> QuerySet[PageViewRestriction]:
    """Return the restrictions at or above the page; an alias shows what its source holds, and is closed with it."""
    page, source = (ExpressionWrapper(OuterRef(path), output_field=CharField()) for path in ("path", "alias_of__path"))
    above = PageViewRestriction.objects.filter(
        Q(StartsWith(page, F("page__path"))) | Q(StartsWith(source, F("page__path")))
    )
    floors = reader.page_floors
    return above.exclude(pk__in=floors, restriction_type=BaseViewRestriction.LOGIN) if floors else above


def _pages_policy() -> Any:
    return policy_registry.get_by_type(Page)
