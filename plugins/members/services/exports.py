"""The register as a table that the import reads again, and who took it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import F

from cms.accounts.enums import OrganisationKind, Prefecture, SeatRole
from cms.accounts.models import Affiliation, Organisation
from plugins.members.enums import FileFormat, ImportKind, RegisterUse
from plugins.members.models import Membership

from . import organisation_rows, people_rows
from .membership_rows import membership_cells
from .organisation_rows import OWN_FIELDS
from .rows import Column
from .spreadsheets import table_write
from .uses import in_language_of_the_log, use_record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cms.accounts.models import User

_PEOPLE_FIELDS = ("code", "organisation", "role", "label", "last_name", "first_name", "email", "username", "starts_on")


def register_export(
    *, kind: ImportKind, organisations: QuerySet[Organisation], on: dt.date, file_format: FileFormat, by: User
) -> bytes:
    """Return the organisations, or the people on their seats on that day, as a file; recorded under the person's name.

    Raises `ValidationError` naming the cells that Shift_JIS can't hold.
    """
    if kind == ImportKind.ORGANISATIONS:
        columns: tuple[Column, ...] = organisation_rows.COLUMNS
        rows = list(_organisation_cells(organisations, on))
    else:
        columns = tuple(column for column in people_rows.COLUMNS if column.field in _PEOPLE_FIELDS)
        rows = list(_people_cells(organisations, on))
    octets = table_write(headings=_headings(columns), rows=rows, file_format=file_format)
    with in_language_of_the_log():
        use_record(person=by, use=RegisterUse.EXPORT, detail=f"{kind.label}, {file_format.label}: {len(rows)}")
    return octets


def _headings(columns: Iterable[Column]) -> list[str]:
    return [str(column.label) for column in columns]


def _organisation_cells(organisations: QuerySet[Organisation], on: dt.date) -> Iterable[list[str]]:
    """Yield each organisation, with the membership that is in force on that day or was the last one before."""
    begun = Membership.objects.filter(starts_on__lte=on).order_by("starts_on")
    memberships = {one.organisation_id: one for one in begun}
    for one in organisations.order_by(F("code").asc(nulls_last=True), "name"):
        values = {name: "" if (value := getattr(one, name)) is None else str(value) for name in OWN_FIELDS}
        values["kind"] = str(OrganisationKind(one.kind).label)
        values["prefecture"] = str(Prefecture(one.prefecture).label) if one.prefecture else ""
        yield [*values.values(), *membership_cells(memberships.get(one.pk))]


def _people_cells(organisations: QuerySet[Organisation], on: dt.date) -> Iterable[list[str]]:
    rows = Affiliation.objects.active_on(on).filter(organisation__in=organisations.order_by().values("pk"))
    code = F("organisation__code").asc(nulls_last=True)
    ordered = rows.order_by(code, "organisation__name", "-seat__role", "seat__label")
    for row in ordered.select_related("organisation", "seat", "person"):
        yield [
            row.organisation.code or "",
            row.organisation.name,
            str(SeatRole(row.seat.role).label),
            row.seat.label,
            row.person.last_name,
            row.person.first_name,
            row.person.email,
            row.person.username,
            row.starts_on.isoformat(),
        ]
