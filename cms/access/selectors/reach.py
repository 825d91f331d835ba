"""Who will be able to read something, in words for editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, ReferenceIndex
from wagtail.query import PageQuerySet

from cms.access.enums import Audience
from cms.access.models import AccessRule
from cms.access.selectors import (
    VISITOR,
    Reader,
    readable_files,
    readable_pages,
    seats_in,
    shut_collections,
    sources_of,
    steps_to,
)
from cms.access.selectors.references import is_closed
from cms.calendar import today
from cms.plugin_api.capabilities import membership


@dataclass(frozen=True)
class Condition:
    """What one rule asks of a reader."""

    rule: AccessRule

    @property
    def audience(self) -> Audience:
        return Audience(self.rule.audience)

    @cached_property
    def groups(self) -> list[Any]:
        """The groups that the rule names: read ahead by `Reach.of`."""
        return list(self.rule.groups.all())

    @property
    def place(self) -> str:
        """The title of the page, or the name of the collection, that has the rule."""
        return self.rule.page.title if self.rule.page else self.rule.collection.name  # type: ignore[union-attr]  # one is set

    def implies(self, other: Condition) -> bool:
        """Whether who meets this one meets the other as well, whoever that is."""
        if self.audience != other.audience:
            return False
        return self.audience == Audience.MEMBERS or {g.pk for g in self.groups} <= {g.pk for g in other.groups}

    @property
    def words(self) -> str:
        """Whom it lets in, and how many organisations that is at present."""
        if self.audience == Audience.MEMBERS:
            count = membership.provider().member_count(today())
            text = ngettext(
                "members of the association (now %(count)d organisation)",
                "members of the association (now %(count)d organisations)",
                count,
            )
            return text % {"count": count}
        if not self.groups:
            return _("nobody: the rule names no group")
        names = _("”, “").join(group.name for group in self.groups)
        counts = self._group_counts()
        text = ngettext(
            "the seats in “%(names)s” (now %(seats)d seats of %(count)d organisation)",
            "the seats in “%(names)s” (now %(seats)d seats of %(count)d organisations)",
            counts["count"],
        )
        return text % {"names": names, **counts}

    def _group_counts(self) -> dict[str, int]:
        seats = set(seats_in(self.groups, today()).values_list("pk", "organisation_id"))
        return {"seats": len(seats), "count": len({organisation for _seat, organisation in seats})}


@dataclass(frozen=True)
class Reach:
    """Who can read a page, or the files of a collection: the rules on the way down to it, from the top."""

    conditions: tuple[Condition, ...]
    subject_pk: int | None
    is_page: bool

    @classmethod
    def of(cls, subject: Page | Collection, *, parent: Page | Collection | None = None) -> Reach:
        """Return the reach of something; of what isn't saved yet, by the `parent` below which it will stand."""
        start: Any = subject if subject.pk else parent
        return cls._below(subject, [start, *sources_of(start)] if start else [])

    @classmethod
    def at_place(cls, page: Page) -> Reach:
        """Return what the rules on the way down to a page ask; of an alias, without those of what it shows."""
        return cls._below(page, [page])

    @classmethod
    def _below(cls, subject: Page | Collection, places: Iterable[Page | Collection]) -> Reach:
        is_page = isinstance(subject, Page)
        paths = [step for place in places for step in steps_to(place)]
        kind = "page" if is_page else "collection"
        rules = AccessRule.objects.filter(**{f"{kind}__path__in": paths}).select_related(kind)
        found = rules.prefetch_related("groups").order_by(f"{kind}__path")
        return cls(tuple(Condition(rule) for rule in found), subject.pk, is_page)

    @property
    def own(self) -> Condition | None:
        """The rule of the thing itself, if it has one."""
        return next((one for one in self.conditions if self._is_own(one)), None)

    @property
    def inherited(self) -> Reach:
        """What holds without the rule of the thing itself."""
        return Reach(tuple(one for one in self.conditions if not self._is_own(one)), self.subject_pk, self.is_page)

    def _is_own(self, condition: Condition) -> bool:
        rule = condition.rule
        return self.subject_pk is not None and self.subject_pk == (rule.page_id if self.is_page else rule.collection_id)

    @property
    def is_open(self) -> bool:
        """Whether everyone can read it."""
        return not self.conditions

    def implies(self, other: Reach) -> bool:
        """Whether whoever reads this may read the other as well."""
        return all(any(mine.implies(theirs) for mine in self.conditions) for theirs in other.conditions)

    def is_same_as(self, other: Reach) -> bool:
        """Whether both let in the same readers."""
        return self.implies(other) and other.implies(self)

    def rule_within(self, wanted: Reach) -> tuple[Audience, list[Any]] | None:
        """Return the widest rule that keeps whoever reads this within `wanted`; None where none is needed.

        One rule can't ask two things: groups that no reader is sure to be in become the groups common to all rules, and
        where members only and groups must hold together, or no group is common, it names no group and lets nobody in.
        """
        if self.implies(wanted):
            return None
        asked = [one for one in wanted.conditions if not any(mine.implies(one) for mine in self.conditions)]
        asked += [self.own] if self.own else []
        for one in asked:
            if all(one.implies(other) for other in asked):
                return one.audience, one.groups
        named = [one.groups if one.audience == Audience.GROUPS else [] for one in asked]
        return Audience.GROUPS, [group for group in named[0] if all(group in others for others in named)]

    @property
    def effective(self) -> list[Condition]:
        """The rules that shut somebody out: those that follow from one above are left out."""
        kept: list[Condition] = []
        for condition in self.conditions:
            if not any(above.implies(condition) for above in kept):
                kept.append(condition)
        return kept

    @property
    def own_has_no_effect(self) -> bool:
        """Whether the rule of the thing itself lets nobody in or out beyond those above it."""
        return self.own is not None and self.own not in self.effective

    @property
    def sentences(self) -> list[str]:
        """Say who can read it, where that comes from, and that nothing below a rule is wider."""
        return list(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.is_open:
            yield _("Everyone can read this.")
            return
        for condition in self.effective:
            words = {"who": condition.words, "place": condition.place}
            if self._is_own(condition):
                yield _("Only for %(who)s.") % words
            else:
                yield _("Only for %(who)s, by the rule of “%(place)s” above.") % words
        if len(self.effective) > 1:
            yield _("A reader must meet all of these.")
        if self.own_has_no_effect:
            yield _("The rule set here changes nothing, because the one above is as narrow or narrower.")
        yield _("Whoever may edit it can read it all the same.")


def files_of(page: Page) -> list[Any]:
    """Return the images and documents that a page shows or links to, as it stands in memory: a draft too."""
    models: list[type[Model]] = [get_image_model(), get_document_model()]
    types = {content_type.pk: model for model, content_type in ContentType.objects.get_for_models(*models).items()}
    wanted: dict[type[Model], set[str]] = {model: set() for model in models}
    for type_id, object_id, _model_path, _path in ReferenceIndex._extract_references_from_object(page):  # noqa: SLF001 - the index itself knows only what is saved
        if type_id in types:
            wanted[types[type_id]].add(object_id)
    return [
        file
        for model, ids in wanted.items()
        for file in model._default_manager.filter(pk__in=ids).select_related("collection").order_by("title")  # noqa: SLF001 - Django's public API
    ]


def files_out_of_reach(page: Page, reader: Reader) -> frozenset[tuple[type[Model], int]]:
    """Return the images and documents on a page, each as model and key, that the reader may not have."""
    keys: dict[type[Model], set[int]] = {}
    for file in files_of(page):
        keys.setdefault(type(file), set()).add(file.pk)
    return frozenset(
        (model, key)
        for model, wanted in keys.items()
        for key in wanted.difference(_readable_keys(model, wanted, reader))
    )


def _readable_keys(model: type[Model], wanted: set[int], reader: Reader) -> QuerySet[Any, int]:
    files = model._default_manager.filter(pk__in=wanted)  # noqa: SLF001 - Django's public API
    return readable_files(files, reader).values_list("pk", flat=True)


def narrower_files(page: Page, *, parent: Page | None = None) -> list[tuple[Any, Reach]]:
    """Return the images and documents on a page that not everyone who reads the page may have, with who may."""
    reach = Reach.of(page, parent=parent)
    reaches: dict[int, Reach] = {}
    found = []
    for file in files_of(page):
        of_file = reaches.setdefault(file.collection_id, Reach.of(file.collection))
        if not reach.implies(of_file):
            found.append((file, of_file))
    return found


def pages_with_closed_files(branch: Page) -> PageQuerySet[Page]:
    """Return the live pages at or below one that show or link to files that not everyone may have, by the index."""
    shut = shut_collections(VISITOR)
    closed = (files.filter(collection__in=shut) for files in _all_files())
    return _live_with(branch.get_descendants(inclusive=True), *closed)


def pages_with_files_of(collection: Collection) -> PageQuerySet[Page]:
    """Return the live pages that show or link to files of a collection, or of one below it, by the index."""
    inside = collection.get_descendants(inclusive=True).order_by().values("pk")
    return pages_with(*(files.filter(collection__in=inside) for files in _all_files()))


def pages_with(*files: QuerySet[Any]) -> PageQuerySet[Page]:
    """Return the live pages that show or link to any of these images or documents, by the index."""
    return _live_with(Page.objects.all(), *files)


def _all_files() -> Iterator[QuerySet[Any]]:
    return (model._default_manager.all() for model in (get_image_model(), get_document_model()))  # noqa: SLF001 - Django's public API


def _live_with(pages: PageQuerySet[Page], *files: QuerySet[Any]) -> PageQuerySet[Page]:
    key = Cast("pk", CharField())  # the index keeps keys of all kinds of models as text
    shown = Q(pk__in=[])
    for one in files:
        references = ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            to_content_type=ContentType.objects.get_for_model(one.model),
            to_object_id__in=one.annotate(key=key).order_by().values("key"),
        )
        shown |= Q(key__in=references.values("object_id"))
    found: PageQuerySet[Page] = pages.live().annotate(key=key).filter(shown)
    return found


def pages_wider_than(collection: Collection, *files: QuerySet[Any]) -> list[Page]:
    """Return the live pages with any of these files that the reader may read, and others who may not have them there.

    That is, where the files stood in this collection.
    """
    reach = Reach.of(collection)
    pages = () if reach.is_open else readable_pages(pages_with(*files))
    return [page for page in pages if not Reach.of(page).implies(reach)]


def branch_changes(page: Page, destination: Page) -> tuple[Reach, Reach]:
    """Return who can read a page where it is, and who could below another."""
    now = Reach.of(page)
    inside = tuple(one for one in now.conditions if one.rule.page and one.rule.page.path.startswith(page.path))
    above = Reach.of(destination).conditions
    return now, Reach((*above, *inside), page.pk, is_page=True)


def titles(files: Iterable[Any]) -> str:
    """Return the titles of files in one line."""
    return _("”, “").join(title_of(file) for file in files)


def title_of(file: Any) -> str:
    """Return what an image or document is called, to whoever may have it."""
    return _("Not open to you") if is_closed(file) else str(file.title)
