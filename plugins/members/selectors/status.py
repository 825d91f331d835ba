"""How many members there are, and how many a document declared."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import OrganisationKind, Prefecture
from cms.accounts.models import Organisation
from plugins.members.enums import Change
from plugins.members.models import DeclaredCount

if TYPE_CHECKING:
    pass
from .register import changes_until, last_day_of_year_before, members_on

COUNTED_KINDS = (OrganisationKind.CITY, OrganisationKind.TOWN, OrganisationKind.VILLAGE)


"""The association states these of its members, also where there is none."""


@dataclass(frozen=True)
class Line:
    """A row of the status: what it counts, and how many of each kind."""

    label: str
    key: str
    total: int
    by_kind: list[tuple[OrganisationKind, int]]


@dataclass(frozen=True)
class Declared:
    """What one document says of the membership on a day."""

    as_of: dt.date
    source: str
    total: int | None
    by_kind: list[tuple[OrganisationKind, int]]


class MembershipStatus:
    """The membership on a day, counted from the register: two queries; the change and what was declared, three more."""

    def __init__(self, on: dt.date) -> None:
        self.on = on
        self._counts = _counts(members_on(on))

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    @cached_property
    def kinds(self) -> list[OrganisationKind]:
        """The kinds to state: the three of the association, and others that occur."""
        occurring = {kind for kind, _prefecture in self._counts}
        return [kind for kind in OrganisationKind if kind in COUNTED_KINDS or kind in occurring]

    @property
    def by_kind(self) -> list[tuple[OrganisationKind, int]]:
        return self._of(set(Prefecture.values) | {""})

    @property
    def by_prefecture(self) -> list[Line]:
        """One line a prefecture, from north to south; one for organisations of none, if there is any."""
        labels = [(choice.value, str(choice.label)) for choice in Prefecture]
        if any(not prefecture for _kind, prefecture in self._counts):
            labels.append(("", str(_("No prefecture"))))
        return [self._line(key, label) for key, label in labels]

    @cached_property
    def before(self) -> dt.date:
        """The day with which the change compares."""
        return last_day_of_year_before(self.on)

    @cached_property
    def total_before(self) -> int:
        return members_on(self.before).count()

    @property
    def change(self) -> int:
        """How many members more than at the end of the fiscal year before."""
        return self.total - self.total_before

    @cached_property
    def joined(self) -> int:
        return changes_until(self.on, Change.JOINED).count()

    @property
    def left(self) -> int:
        return self.joined - self.change

    @cached_property
    def declared(self) -> Declared | None:
        """What was last published up to that day."""
        return declared_until(self.on)

    @property
    def declared_by_kind(self) -> list[int | None]:
        """The declared figure of each kind that is stated, None where the document is silent."""
        found = dict(self.declared.by_kind) if self.declared else {}
        return [found.get(kind) for kind in self.kinds]

    def _line(self, key: str, label: str) -> Line:
        by_kind = self._of({key})
        return Line(label=label, key=key, total=sum(count for _kind, count in by_kind), by_kind=by_kind)

    def _of(self, prefectures: set[str]) -> list[tuple[OrganisationKind, int]]:
        found: Counter[str] = Counter()
        for (kind, prefecture), count in self._counts.items():
            if prefecture in prefectures:
                found[kind] += count
        return [(kind, found[kind]) for kind in self.kinds]


def _counts(organisations: QuerySet[Organisation]) -> dict[tuple[str, str], int]:
    rows = organisations.order_by().values_list("kind", "prefecture").annotate(count=Count("pk"))
    return {(kind, prefecture): count for kind, prefecture, count in rows}


def declared_until(date: dt.date) -> Declared | None:
    """Return the figures of the document with the latest date up to that day."""
    latest = DeclaredCount.objects.filter(as_of__lte=date).order_by("-as_of").values("as_of")[:1]
    rows = list(DeclaredCount.objects.filter(as_of=Subquery(latest)).order_by("source"))
    if not rows:
        return None
    source = rows[0].source
    counts = {row.kind: row.count for row in rows if row.source == source}
    kinds = [(kind, counts[kind]) for kind in OrganisationKind if kind in counts]
    return Declared(as_of=rows[0].as_of, source=source, total=counts.get(""), by_kind=kinds)
