"""Files of rows: CSV as offices make it (UTF-8 with or without BOM, cp932) and xlsx."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from plugins.members.enums import FileFormat

BYTES_ALLOWED = 10 * 1024 * 1024
UNPACKED_BYTES_ALLOWED = 100 * 1024 * 1024
ROWS_ALLOWED = 20_000
COLUMNS_ALLOWED = 100
CHARACTERS_ALLOWED = 1_000
ROWS_LOOKED_AT = 1_000
"""How far down a further worksheet is looked at: who uses it begins there, and an empty one can be a million long."""

_FORMULA_STARTS = "=+-@\t\r＝＋－＠"
"""A spreadsheet program takes a cell that begins so for a formula (OWASP, CSV injection)."""

# What openpyxl raises over damaged files; broken XML is a SyntaxError.
_UNREADABLE = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    IndexError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Table:
    """A file as it was read: its headings, and its rows as texts.

    A row has a cell for each heading, and more where something stands beyond the last one.
    """

    headings: list[str]
    rows: list[list[str]]


def table_read(*, file: IO[bytes], size: int) -> Table:
    """Read a file of rows. Raises `ValidationError` with one sentence that says what is wrong with it and where."""
    if size > BYTES_ALLOWED:
        raise ValidationError(
            _("The file has %(size)d MB; up to %(limit)d MB can be read.")
            % {"size": size // 1024 // 1024, "limit": BYTES_ALLOWED // 1024 // 1024}
        )
    octets = file.read(BYTES_ALLOWED + 1)
    rows = _xlsx_rows(octets) if octets.startswith(b"PK\x03\x04") else _csv_rows(_decoded(octets))
    return _table(rows)


def _table(rows: Iterable[list[str]]) -> Table:
    lines = _until_last_filled(rows)
    headings = _without_empty_end(heading.strip() for heading in next(filter(None, lines), []))
    if not headings:
        raise ValidationError(_("The file is empty: the first line has to name the columns."))
    if len(headings) > COLUMNS_ALLOWED:
        raise ValidationError(_("The file has more than %(limit)d columns.") % {"limit": COLUMNS_ALLOWED})
    named = [heading for heading in headings if heading]
    if len(named) != len(set(named)):
        twice = next(heading for heading in named if named.count(heading) > 1)
        raise ValidationError(_("Two columns have the heading “%(heading)s”.") % {"heading": twice})
    read: list[list[str]] = []
    for row in lines:
        if len(read) == ROWS_ALLOWED:
            raise _too_long()
        cells = _without_empty_end(cell.strip()[:CHARACTERS_ALLOWED] for cell in row[: COLUMNS_ALLOWED + 1])
        read.append(cells + [""] * (len(headings) - len(cells)))
    if not read:
        raise ValidationError(_("The file has headings and no rows."))
    return Table(headings, read)


def _until_last_filled(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the rows; empty ones between them too, so that a line has the number that the spreadsheet shows.

    What stands below more empty rows than a file may have is not looked for: a sheet can have a million.
    """
    empty = 0
    for row in rows:
        if any(cell.strip() for cell in row):
            yield from ([] for _row in range(empty))
            empty = 0
            yield row
        elif empty == ROWS_ALLOWED:
            raise _too_long()
        else:
            empty += 1


def _too_long() -> ValidationError:
    sentence = _("The file has more than %(limit)d rows. Please split it, or delete the empty rows below the last one.")
    return ValidationError(sentence % {"limit": ROWS_ALLOWED})


def _without_empty_end(cells: Iterable[str]) -> list[str]:
    filled = list(cells)
    while filled and not filled[-1]:
        filled.pop()
    return filled


def _decoded(octets: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = octets.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(
        _("The file is neither CSV in UTF-8 or Shift_JIS nor xlsx. Please save it again as one of these.")
    )


def _csv_rows(text: str) -> Iterator[list[str]]:
    first_line = text.partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_unarmed(cell) for cell in row]
    except csv.Error as error:
        raise ValidationError(_("The CSV is damaged: a quotation mark is missing, or a line is cut.")) from error


def _xlsx_rows(octets: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            parts = archive.infolist()
        if sum(part.file_size for part in parts) > UNPACKED_BYTES_ALLOWED:
            raise ValidationError(_("The workbook unpacks to far more than a register can be. It is not read."))
        if any(part.filename.startswith("xl/externalLinks/") for part in parts):
            raise ValidationError(
                _("The workbook refers to other files. Please paste its cells as values into a new one.")
            )
        workbook = load_workbook(io.BytesIO(octets), read_only=True, keep_links=False)
        first, *others = workbook.worksheets
        for sheet in others:
            _check_empty(sheet)
        for row in first.iter_rows(max_col=COLUMNS_ALLOWED + 1):
            yield [_cell_text(cell) for cell in _trimmed(row)]
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        OSError,
        SyntaxError,
        TypeError,
    ) as error:
        raise ValidationError(_("The workbook can't be read. Please save it again as xlsx or CSV.")) from error


def _check_empty(sheet: Any) -> None:
    """Raise `ValidationError` where a further worksheet, shown or hidden, has something in its first rows."""
    rows = sheet.iter_rows(max_row=ROWS_LOOKED_AT, max_col=COLUMNS_ALLOWED + 1, values_only=True)
    if any(str(value).strip() for row in rows for value in row if value is not None):
        sentence = _(
            "Only the first worksheet is read, and “%(sheet)s” has rows, too. Please save each as its own file."
        )
        raise ValidationError(sentence % {"sheet": sheet.title})


def _trimmed(row: Sequence[Any]) -> Sequence[Any]:
    end = len(row)
    while end and row[end - 1].value is None:
        end -= 1
    return row[:end]


def _cell_text(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "f":
        where = f"{get_column_letter(cell.column)}{cell.row}"
        raise ValidationError(_("Cell %(cell)s holds a formula. Please paste the cells as values.") % {"cell": where})
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _unarmed(str(value))


def _armed(text: str) -> str:
    """Put an apostrophe before what a spreadsheet program would run."""
    return f"'{text}" if text.startswith(tuple(_FORMULA_STARTS)) else text


def _unarmed(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(tuple(_FORMULA_STARTS)) else text


def table_write(*, headings: Sequence[str], rows: Iterable[Sequence[str]], file_format: FileFormat) -> bytes:
    """Write a table; no cell can run as a formula. Raises `ValidationError` naming the cells that cp932 can't hold."""
    safe = [[_armed(cell) for cell in row] for row in rows]
    if file_format == FileFormat.XLSX:
        return _xlsx(headings, safe)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *safe])
    if file_format == FileFormat.CSV:
        return text.getvalue().encode("utf-8-sig")
    _refuse_unholdable(safe)
    return text.getvalue().encode("cp932")


def _xlsx(headings: Sequence[str], rows: list[list[str]]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(headings))
    for row in rows:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _refuse_unholdable(rows: list[list[str]]) -> None:
    found = []
    for number, row in enumerate(rows, start=2):
        for column, cell in enumerate(row, start=1):
            if cell.encode("cp932", errors="replace").decode("cp932") != cell:
                found.append(f"{get_column_letter(column)}{number}（{cell}）")
    if found:
        shown = "、".join(found[:20])
        raise ValidationError(
            _("Shift_JIS has no character for %(count)d cells: %(cells)s. Please export as UTF-8 or xlsx.")
            % {"count": len(found), "cells": shown}
        )
