"""What is done to rules and groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.actions import ConvertAliasPageAction, CopyPageAction, CreatePageAliasAction
from wagtail.log_actions import log
from wagtail.models import Collection, Page, PageLogEntry, PageViewRestriction

from cms.accounts.models import Seat, User

from .enums import Audience
from .models import AccessRule, AccessRuleGroup, Group, GroupMembership
from .selectors import readable_pages, steps_to
from .selectors.reach import Reach, narrower_files, pages_with, pages_with_closed_files, pages_with_files_of

_gone_out: ContextVar[list[Any] | None] = ContextVar("access_gone_out", default=None)
_GOES_OUT = {"wagtail.publish", "wagtail.publish.schedule", "wagtail.create_alias"}
_GOES_OUT_WITH_ALL_BELOW = {"wagtail.move", "access.rule_set"}


@contextmanager
def watching_what_goes_out() -> Iterator[list[Any]]:
    """Gather what the history says meanwhile of pages that others read from now on, or at a time that was set.

    With them the collections, images and documents that fewer may have from now on.
    """
    entries: list[Any] = []
    token = _gone_out.set(entries)
    try:
        yield entries
    finally:
        _gone_out.reset(token)


def history_watch(*, entry: PageLogEntry) -> None:
    """Take an entry into account where somebody watches: every way to publish is written into the history."""
    entries = _gone_out.get()
    if entries is not None and entry.action in _GOES_OUT | _GOES_OUT_WITH_ALL_BELOW:
        entries.append(entry)


def narrowed_watch(*, subject: Any) -> None:
    """Take a collection, image or document into account that fewer may have, where somebody watches."""
    entries = _gone_out.get()
    if entries is not None:
        entries.append(subject)


def file_watch(*, file: Any) -> None:
    """Take an image or document into account that is about to be saved into another collection than it is in."""
    if _gone_out.get() is None or not file.pk:
        return
    stored = type(file)._default_manager.filter(pk=file.pk)  # noqa: SLF001 - Django's public API
    if stored.exclude(collection=file.collection_id).exists():
        narrowed_watch(subject=file)


def narrower_files_gone_out(entries: Iterable[Any]) -> dict[Page, list[Any]]:
    """Return the pages that went out with images and documents that not everyone who reads the page may have.

    Of what fewer may have now: the pages that the reader may read.
    """
    found = {}
    for entry in entries:
        for page in _pages_of(entry):
            files = [file for file, _reach in narrower_files(page)]
            if files:
                found[page] = files
    return found


def _pages_of(entry: Any) -> Iterable[Page]:
    if isinstance(entry, Collection):
        return readable_pages(pages_with_files_of(entry)).specific()
    if not isinstance(entry, PageLogEntry):
        return readable_pages(pages_with(type(entry).objects.filter(pk=entry.pk))).specific()
    page = Page.objects.filter(pk=entry.page_id).first()
    if page is None:
        return []
    if entry.action in _GOES_OUT_WITH_ALL_BELOW:
        return pages_with_closed_files(page).specific()
    return [entry.revision.as_object() if entry.revision else page.specific]


@transaction.atomic
def access_rule_set(
    *, subject: Page | Collection, audience: Audience, groups: Iterable[Group] = (), by: User | None = None
) -> AccessRule | None:
    """Let only this audience read the page, or the collection's files, and what is below; return the rule.

    For everyone the rule is taken away, and None returned: what is above decides then. It holds from the next request.
    """
    _forget_others(subject)
    locked = subject._meta.model._default_manager.select_for_update().get(pk=subject.pk)  # noqa: SLF001 - Django's public API
    of_subject: dict[str, Any] = {"page" if isinstance(subject, Page) else "collection": locked}
    rule = AccessRule.objects.filter(**of_subject).first()
    if audience == Audience.EVERYONE:
        if rule:
            rule.delete()
            _log(subject, audience, (), by)
        return None
    rule = rule or AccessRule(**of_subject)
    rule.audience = audience
    rule.save()
    named = list(groups) if audience == Audience.GROUPS else []
    AccessRuleGroup.objects.filter(rule=rule).exclude(group__in=named).delete()
    for group in named:
        AccessRuleGroup.objects.get_or_create(rule=rule, group=group)
    _log(subject, audience, named, by)
    if isinstance(subject, Collection):
        narrowed_watch(subject=subject)
    return rule


def _forget_others(subject: Page | Collection) -> None:
    """Take away what Wagtail's own form, or a script, has put there: a rule is the one thing that decides."""
    subject.view_restrictions.filter(rule=None).delete()


@transaction.atomic
def access_rules_copy(*, source: Page, copy: Page, by: User | None = None) -> None:
    """Give a copied branch the rules of its source, page by page, in the order of the tree.

    What the source has from above, and the place of the copy does not ask, the copy asks by a rule of its own.
    Restrictions of Wagtail's by themselves are copied where the source has them, and taken away where Wagtail put them:
    it copies those of the branch's top alone, to every page, and none below a page that is restricted itself.
    """
    alone = PageViewRestriction.objects.filter(rule=None)
    alone.filter(page__path__startswith=copy.path).exclude(page__path__startswith=source.path).delete()
    rules = {rule.page_id: rule for rule in AccessRule.objects.filter(page__path__startswith=source.path)}
    closed = set(alone.filter(page__path__startswith=source.path).values_list("page_id", flat=True))
    if rules or closed:
        branches = (page.get_descendants(inclusive=True).order_by("path") for page in (source, copy))
        for original, copied in zip(*branches, strict=False):
            rule = rules.get(original.pk)
            if rule:
                access_rule_set(subject=copied, audience=Audience(rule.audience), groups=rule.groups.all(), by=by)
            elif original.pk in closed:
                _close(copied)
    _keep_within(copy, Reach.of(source), by)
    if alone.filter(page__path__in=steps_to(source)).exists():
        _close(copy)


def _close(page: Page) -> None:
    """Shut a page to all who don't edit it."""
    if not page.view_restrictions.filter(rule=None).exists():
        page.view_restrictions.create(restriction_type=PageViewRestriction.LOGIN)


@transaction.atomic
def alias_rule_keep(*, alias: Page, by: User | None = None) -> None:
    """Let an alias that is about to show its source no longer be for no more than could read it."""
    _keep_within(alias, Reach.of(alias), by)


def _keep_within(page: Page, wanted: Reach, by: User | None) -> None:
    rule = Reach.at_place(page).rule_within(wanted)
    if rule:
        access_rule_set(subject=page, audience=rule[0], groups=rule[1], by=by)


def copies_keep_rules() -> None:
    """Let a copy or an alias have the rules of its source, by form, API or code. Once for the process."""
    for action in (CopyPageAction, CreatePageAliasAction):
        action.execute = _keeping_rules(action.execute)
    ConvertAliasPageAction.execute = _parting_with_rules(ConvertAliasPageAction.execute)


def _keeping_rules(execute: Callable[..., Page]) -> Callable[..., Page]:
    @wraps(execute)
    @transaction.atomic
    def call(action: Any, *args: Any, **kwargs: Any) -> Page:
        copied = execute(action, *args, **kwargs)
        access_rules_copy(source=action.page, copy=copied, by=action.user)
        return copied

    return call


def moves_of_collections_are_watched() -> None:
    """Let a collection that moves below other rules be looked at where somebody watches. Once for the process."""
    Collection.move = _watched(Collection.move)


def _watched(move: Callable[..., None]) -> Callable[..., None]:
    @wraps(move)
    def call(collection: Collection, *args: Any, **kwargs: Any) -> None:
        move(collection, *args, **kwargs)
        narrowed_watch(subject=Collection.objects.get(pk=collection.pk))

    return call


def _parting_with_rules(execute: Callable[..., Page]) -> Callable[..., Page]:
    @wraps(execute)
    @transaction.atomic
    def call(action: Any, *args: Any, **kwargs: Any) -> Page:
        alias_rule_keep(alias=action.page, by=action.user)
        return execute(action, *args, **kwargs)

    return call


@transaction.atomic
def group_keep(*, key: str, name: str) -> Group:
    """Return the group that a plugin keeps under a key of its own, such as `members-officers`; made where it is not."""
    return Group.objects.get_or_create(key=key, defaults={"name": name})[0]


@transaction.atomic
def group_seat_add(*, group: Group, seat: Seat, starts_on: dt.date, ends_on: dt.date | None = None) -> GroupMembership:
    """Put a seat into a group from a day until before another; the same day again changes the end."""
    membership, _created = GroupMembership.objects.update_or_create(
        group=group, seat=seat, starts_on=starts_on, defaults={"ends_on": ends_on}
    )
    return membership


@transaction.atomic
def group_seat_end(*, group: Group, seat: Seat, ends_on: dt.date) -> None:
    """Let a seat be in a group no longer from that day on. What would only have begun then is taken out."""
    open_then = Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)
    memberships = GroupMembership.objects.filter(open_then, group=group, seat=seat)
    memberships.filter(starts_on__gte=ends_on).delete()
    memberships.update(ends_on=ends_on)


def _log(subject: Page | Collection, audience: Audience, groups: Iterable[Group], by: User | None) -> None:
    """Keep who changed it. Wagtail logs pages, and other models where it knows them."""
    instance = subject.specific if isinstance(subject, Page) else subject
    log(
        instance=instance,
        action="access.rule_set",
        user=by,
        data={"audience": audience.value, "groups": [group.name for group in groups]},
    )
