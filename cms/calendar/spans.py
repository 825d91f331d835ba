"""Rows that hold from one day until before another. The first day counts, the end doesn't; no end: it goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

EARLIEST = dt.date(1889, 4, 1)
"""The municipal system of 1889 (市制町村制, 明治21年法律第1号) came into force: no municipality of today is older."""
LATEST = dt.date(2199, 12, 31)
"""Beyond any plan, and far enough from the last day that Python knows for a fiscal year to be counted on."""
OUT_OF_REACH = _("Please enter a day from 1889-04-01 to 2199-12-31.")


def in_force(on: dt.date, first: str = "starts_on", end: str = "ends_on") -> Q:
    """Return the condition on a row of holding on that day; without a first day it always has."""
    return (Q(**{f"{first}__lte": on}) | Q(**{f"{first}__isnull": True})) & (
        Q(**{f"{end}__gt": on}) | Q(**{f"{end}__isnull": True})
    )


def runs_forward(name: str) -> models.CheckConstraint:
    """Return the constraint that the end comes after the beginning."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
        name=name,
        violation_error_message=_("The end must come after the beginning."),
    )


class SpanQuerySet(models.QuerySet[Any]):
    """Reads of spans."""

    def in_force_on(self, date: dt.date) -> Self:
        """Keep those whose days hold that one."""
        return self.filter(Q(ends_on__gt=date) | Q(ends_on__isnull=True), starts_on__lte=date)

    def active_on(self, date: dt.date) -> Self:
        """Keep those in force on that day; an inheritor may ask for more."""
        return self.in_force_on(date)

    def overlapping(self, starts_on: dt.date, ends_on: dt.date | None) -> Self:
        """Keep those that share at least one day with the period."""
        until = Q() if ends_on is None else Q(starts_on__lt=ends_on)
        return self.filter(until & (Q(ends_on__gt=starts_on) | Q(ends_on__isnull=True)))


class Span(models.Model):
    """A row with a first day and an end. Whoever inherits names its days, and adds `runs_forward`."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_active_on(self, date: dt.date) -> bool:
        """Whether it holds on that day; the same rule as `objects.active_on`."""
        return self.starts_on <= date and (self.ends_on is None or date < self.ends_on)

    def overlaps(self, other: Span) -> bool:
        """Whether both share at least one day."""
        return (other.ends_on is None or self.starts_on < other.ends_on) and (
            self.ends_on is None or other.starts_on < self.ends_on
        )

    def clean(self) -> None:
        """Say next to its field what the constraint would say of the whole form."""
        super().clean()
        for name in ("starts_on", "ends_on"):
            day = getattr(self, name)
            if day and not EARLIEST <= day <= LATEST:
                raise ValidationError({name: OUT_OF_REACH})
        if self.starts_on and self.ends_on and self.ends_on <= self.starts_on:
            raise ValidationError({"ends_on": _("The end must come after the beginning.")})


SHARED_DAY = """(other.ends_on IS NULL OR NEW.starts_on < other.ends_on)
    AND (NEW.ends_on IS NULL OR other.starts_on < NEW.ends_on)"""


class NoOverlap(Operation):
    """A migration's rule that two rows with the `same` columns never share a day, held by the database.

    `differing` columns must differ for two rows to be in each other's way; `only` names the values of the rows that the
    rule is about. PostgreSQL holds it by an exclusion constraint (deferred, so that one transaction may end one row and
    begin the next in any order), SQLite by triggers. Rebuilding the table on SQLite (any later AlterField) drops its
    triggers: such a migration repeats the operation, and a test of the app fails where it was forgotten.
    """

    reversible = True

    def __init__(
        self,
        model_name: str,
        name: str,
        *,
        same: Sequence[str] = (),
        differing: Sequence[str] = (),
        only: dict[str, str] | None = None,
    ) -> None:
        self.model_name, self.name = model_name, name
        self.same, self.differing, self.only = same, differing, only or {}

    def describe(self) -> str:
        return f"Let the database refuse overlaps of {self.model_name}: {self.name}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing of it is in Django's own picture of the tables."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        table = self._table(app_label, to_state)
        for statement in self._postgresql(table) if self._is_postgresql(schema_editor) else self._sqlite(table):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = self._table(app_label, from_state)
        if self._is_postgresql(schema_editor):
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {self.name}", params=None)
            return
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}", params=None)

    def _table(self, app_label: str, state: Any) -> str:
        table: str = (
            state.models[app_label, self.model_name].options.get("db_table") or f"{app_label}_{self.model_name}"
        )
        return table

    @staticmethod
    def _is_postgresql(schema_editor: Any) -> bool:
        return bool(schema_editor.connection.vendor == "postgresql")

    def _postgresql(self, table: str) -> list[str]:
        columns = [f"{column} WITH =" for column in self.same] + [f"{column} WITH <>" for column in self.differing]
        where = " AND ".join(f"{column} = '{value}'" for column, value in self.only.items())
        return [
            "CREATE EXTENSION IF NOT EXISTS btree_gist",  # stays on the way back: something else may use it by then
            f"""ALTER TABLE {table} ADD CONSTRAINT {self.name}
            EXCLUDE USING gist ({", ".join([*columns, "daterange(starts_on, ends_on, '[)') WITH &&"])})
            {f"WHERE ({where})" if where else ""} DEFERRABLE INITIALLY DEFERRED""",
        ]

    def _sqlite(self, table: str) -> list[str]:
        conditions = [
            "other.id <> NEW.id",
            *(f"other.{column} = NEW.{column}" for column in self.same),
            *(f"other.{column} <> NEW.{column}" for column in self.differing),
            *(f"other.{column} = '{value}' AND NEW.{column} = '{value}'" for column, value in self.only.items()),
            SHARED_DAY,
        ]
        return [
            f"""CREATE TRIGGER {self.name}_{event} AFTER {event} ON {table} BEGIN
            SELECT RAISE(ABORT, '{self.name}')
            WHERE EXISTS (SELECT 1 FROM {table} other WHERE {" AND ".join(conditions)}); END"""  # noqa: S608  names out of a migration
            for event in ("INSERT", "UPDATE")
        ]
