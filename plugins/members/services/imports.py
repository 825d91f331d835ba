"""A file into the register: uploaded, its columns mapped, shown line by line, confirmed, written. Never in one step."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.models import Organisation
from plugins.members.enums import ImportKind, LineState
from plugins.members.models import KnownColumn, RegisterImport

from . import organisation_rows, people_rows
from .rows import Column, Plan, Row, heading_key, meant_by, organisation_keys, rows_of
from .spreadsheets import table_read

if TYPE_CHECKING:
    from cms.accounts.models import User

logger = logging.getLogger(__name__)

KEEP_FOR = dt.timedelta(days=7)

COLUMNS: dict[str, tuple[Column, ...]] = {
    ImportKind.ORGANISATIONS: organisation_rows.COLUMNS,
    ImportKind.PEOPLE: people_rows.COLUMNS,
}

_NAMED_IN = {ImportKind.ORGANISATIONS.value: "name", ImportKind.PEOPLE.value: "organisation"}


class PlanChangedError(Exception):
    """The register has changed since the preview, so that the file would do something else now."""


@transaction.atomic
def import_upload(*, kind: ImportKind, file: IO[bytes], size: int, name: str, by: User | None) -> RegisterImport:
    """Read a file and keep its rows; nothing of the register changes. Raises `ValidationError` with one sentence."""
    table = table_read(file=file, size=size)
    mapping = _remembered(kind, table.headings)
    if not mapping:
        raise ValidationError(
            _("No column of this file is known. Is it a list of another system? Its first line has to name columns.")
        )
    return RegisterImport.objects.create(
        kind=kind,
        file_name=name[-200:],
        headings=table.headings,
        rows=table.rows,
        mapping=mapping,
        uploaded_by=by,
    )


@transaction.atomic
def import_map(*, register_import: RegisterImport, mapping: Mapping[str, str]) -> None:
    """Say what each column is, and remember it. Raises `ValidationError` where a field is missing or taken twice."""
    columns = COLUMNS[register_import.kind]
    chosen = {heading: field for heading, field in mapping.items() if field and heading in register_import.headings}
    for column in columns:
        count = list(chosen.values()).count(column.field)
        if count > 1:
            raise ValidationError(_("Two columns are “%(field)s”.") % {"field": column.label})
        if column.required and not count:
            raise ValidationError(_("Please choose the column of “%(field)s”.") % {"field": column.label})
    register_import.mapping = chosen
    register_import.save(update_fields=["mapping"])
    for heading in register_import.headings:
        KnownColumn.objects.update_or_create(
            kind=register_import.kind, heading=heading_key(heading)[:200], defaults={"field": chosen.get(heading, "")}
        )


def import_plan(*, register_import: RegisterImport) -> Plan:
    """Work out what the file would do to the register as it stands now. Writes nothing."""
    rows = _rows(register_import)
    if register_import.kind == ImportKind.ORGANISATIONS:
        return organisation_rows.organisations_plan(rows=rows)
    return people_rows.people_plan(rows=rows)


def import_write(*, register_import: RegisterImport, digest: str, by: User | None) -> RegisterImport:
    """Write exactly what the preview with that digest showed; rows with errors are left out.

    Raises `ValidationError` where the file has been written already, `PlanChangedError` where the register has changed
    since. Imports wait for each other: the oldest one of the kind is the lock. Whatever else changes an organisation,
    its seats or its membership locks that organisation, and so does the import, before it looks.
    """
    try:
        return _write(register_import, digest, by)
    except IntegrityError as error:
        # Somebody added at the same moment what no lock can hold, as a new organisation with a code of the file.
        logger.warning("The import %s was refused by the database: %s", register_import.pk, error)
        raise PlanChangedError from error


@transaction.atomic
def _write(register_import: RegisterImport, digest: str, by: User | None) -> RegisterImport:
    imports = RegisterImport.objects.select_for_update()
    imports.filter(kind=register_import.kind).order_by("pk").first()
    stored = imports.get(pk=register_import.pk)
    if stored.written_at is not None:
        raise ValidationError(_("This file has been written already."))
    keys = organisation_keys(_rows(stored), named_in=_NAMED_IN[stored.kind])
    touched = Organisation.objects.select_for_update().filter(meant_by(keys)).order_by("pk")
    list(touched.values_list("pk", flat=True))
    plan = import_plan(register_import=stored)
    if plan.digest != digest:
        raise PlanChangedError
    plan.write(by)
    stored.created_count = plan.count(LineState.NEW)
    stored.changed_count = plan.count(LineState.CHANGED)
    stored.unchanged_count = plan.count(LineState.UNCHANGED)
    stored.error_count = plan.count(LineState.ERROR)
    stored.rows, stored.written_at = [], timezone.now()
    stored.save()
    return stored


def imports_forget() -> int:
    """Delete the files that were never written; return how many."""
    old = RegisterImport.objects.filter(written_at__isnull=True, uploaded_at__lt=timezone.now() - KEEP_FOR)
    return old.delete()[0]


def _rows(register_import: RegisterImport) -> list[Row]:
    return rows_of(register_import.headings, register_import.rows, register_import.mapping)


def _remembered(kind: ImportKind, headings: list[str]) -> dict[str, str]:
    known = dict(KnownColumn.objects.filter(kind=kind).values_list("heading", "field"))
    for column in COLUMNS[kind]:
        for heading in (column.field, str(column.label), *column.headings):
            known.setdefault(heading_key(heading), column.field)
    mapping: dict[str, str] = {}
    for heading in headings:
        field = known.get(heading_key(heading), "")
        if field and field not in mapping.values():
            mapping[heading] = field
    return mapping
