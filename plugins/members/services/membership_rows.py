"""The membership in a row of an organisation: from when, until when, and why it began and ended."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.models import Organisation
from cms.calendar import today
from plugins.members.enums import JoinReason, LeaveReason
from plugins.members.models import Membership

from .history import Entry
from .rows import Cells, Change, Column, Line, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    Column("member_from", gettext_lazy("member from"), ("加入日", "入会日", "加入年月日", "member from")),
    Column("join_reason", gettext_lazy("how the membership began"), ("加入の経緯", "加入理由", "join reason")),
    Column("member_until", gettext_lazy("member until before"), ("退会日", "退会年月日", "member until")),
    Column("leave_reason", gettext_lazy("why the membership ended"), ("退会理由", "退会の理由", "leave reason")),
)
_STORED_IN = {
    "member_from": "starts_on",
    "join_reason": "join_reason",
    "member_until": "ends_on",
    "leave_reason": "leave_reason",
}
"""The field of a membership that each column is."""
_OF_MODEL = {field.name: field for field in Membership._meta.concrete_fields}  # noqa: SLF001  Django's documented API
_FIELDS = {column: _OF_MODEL[field] for column, field in _STORED_IN.items()}
_CHOICES: dict[str, type[models.TextChoices]] = {"join_reason": JoinReason, "leave_reason": LeaveReason}


def membership_cells(membership: Membership | None) -> list[str]:
    """Return the cells of a membership as its columns are read again; empty ones without it."""
    if membership is None:
        return [""] * len(COLUMNS)
    ends_on, left = membership.ends_on, membership.leave_reason
    return [
        membership.starts_on.isoformat(),
        str(JoinReason(membership.join_reason).label),
        ends_on.isoformat() if ends_on else "",
        str(LeaveReason(left).label) if left else "",
    ]


@dataclass(frozen=True)
class Taken:
    """A membership as its row wants it."""

    membership: Membership
    changes: list[Change]
    ends: bool


class Memberships:
    """The memberships of the register, and what the rows so far make of them: one query, where any row says a word."""

    def __init__(self) -> None:
        self.cells = Cells(COLUMNS, _FIELDS, _CHOICES)
        self.taken: list[Taken] = []

    @cached_property
    def stored(self) -> dict[int, list[Membership]]:
        """The memberships of each organisation, the first one first."""
        found: dict[int, list[Membership]] = defaultdict(list)
        for one in Membership.objects.order_by("starts_on"):
            found[one.organisation_id].append(one)
        return found

    def values(self, line: Line, row: Row) -> dict[str, Any]:
        """Return what the cells of a row say; a cell that means nothing is said in the line."""
        found = {column.field: self.cells.value(line, row, column.field) for column in COLUMNS}
        return {name: value for name, value in found.items() if value is not None}

    def read(self, line: Line, row: Row, organisation: Organisation, values: dict[str, Any]) -> Taken | None:
        """Return the membership that a row describes where it differs; what can't be is said in the line."""
        if not values or line.problems:
            return None
        own = self.stored[organisation.pk] if organisation.pk else []
        membership = self._meant(line, row, organisation, own, values)
        if membership is None:
            return None
        membership.organisation = organisation
        return self._compared(line, row, membership, own, values)

    def take(self, taken: Taken) -> list[Change]:
        """Let a membership be written, and return what differs."""
        self.taken.append(taken)
        return taken.changes

    def write(self) -> list[Entry]:
        """Write the memberships, and return what goes into the histories of their organisations."""
        memberships = [one.membership for one in self.taken]
        new = [one for one in memberships if one.pk is None]
        entries: list[Entry] = [_entry("members.begin", one, one.starts_on) for one in new]
        entries += [_entry("members.end", one.membership, one.membership.ends_on) for one in self.taken if one.ends]
        changed = [one for one in memberships if one.pk is not None]
        Membership.objects.bulk_create(new, batch_size=500)
        Membership.objects.bulk_update(changed, ["join_reason", "ends_on", "leave_reason"], batch_size=200)
        return entries

    def _meant(
        self, line: Line, row: Row, organisation: Organisation, own: Sequence[Membership], values: dict[str, Any]
    ) -> Membership | None:
        """Return the membership that began on the day of the row, without a day the latest, else a new one."""
        starts_on = values.get("member_from")
        if starts_on is None:
            if not own:
                name, nothing = next(iter(values)), _("It has no membership that this could be of.")
                self.cells.refuse(line, name, row[name], ValidationError(nothing))
            return own[-1] if own else None
        known = next((one for one in own if one.starts_on == starts_on), None)
        reason = JoinReason.JOINED if starts_on >= today() else JoinReason.RECORDED
        return known or Membership(organisation=organisation, starts_on=starts_on, join_reason=reason)

    def _compared(
        self, line: Line, row: Row, membership: Membership, own: Sequence[Membership], values: dict[str, Any]
    ) -> Taken | None:
        if "member_until" in values and not (membership.leave_reason or "leave_reason" in values):
            values["leave_reason"] = LeaveReason.WITHDREW
        is_new, had_end = membership.pk is None, membership.ends_on
        differing = {
            name: value
            for name, value in values.items()
            if (is_new and name == "member_from") or getattr(membership, _STORED_IN[name]) != value
        }
        changes = [
            self.cells.change(name, "" if is_new else getattr(membership, _STORED_IN[name]), value)
            for name, value in differing.items()
        ]
        for name, value in differing.items():
            setattr(membership, _STORED_IN[name], value)
        if not differing:
            return None
        self._check(line, row, membership, own)
        if line.problems:
            return None
        return Taken(membership, changes, ends=membership.ends_on is not None and had_end is None)

    def _check(self, line: Line, row: Row, membership: Membership, own: Sequence[Membership]) -> None:
        """Say in the line what the rules on memberships would refuse."""
        try:
            membership.clean_fields(exclude=["organisation"])
            membership.clean()
            membership.check_against(one for one in own if one is not membership)
        except ValidationError as error:
            wrong = next(iter(getattr(error, "error_dict", {})), "starts_on")
            name = next(column for column, field in _STORED_IN.items() if field == wrong)
            self.cells.refuse(line, name, row.get(name, ""), error)


def _entry(action: str, membership: Membership, day: dt.date | None) -> Entry:
    return membership.organisation, action, {"on": day.isoformat() if day else "", "import": True}
