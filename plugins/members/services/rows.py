"""What a row of a file means for the register: one line of the preview each, and the same again when it is written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from cms.accounts.models import Organisation
from cms.accounts.validators import municipal_check_digit, normalise_key, normalise_municipal_code
from cms.calendar import format_date
from cms.calendar.forms import DayField
from plugins.members.enums import LineState

Row = dict[str, str]
Key = tuple[str, str]
"""By what a row means its organisation: its municipal code, or its name where it has none; the other text is empty."""
BEYOND = ">"
"""Stands for a field in a row: what it has under no heading, mostly to the right of the last one."""


@dataclass(frozen=True)
class Column:
    """A field that a column can be mapped to, and the headings that mean it without being told."""

    field: str
    label: str | Promise
    headings: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Change:
    """One value that differs, written as the preview prints it."""

    label: str | Promise
    before: str
    after: str


@dataclass
class Line:
    """What becomes of one row."""

    number: int
    name: str
    state: LineState = LineState.UNCHANGED
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, row: Row, *, number: int, name: str) -> Self:
        """Begin the line of a row, which is wrong where a comma within a text has moved its cells."""
        line = cls(number=number, name=name)
        if beyond := row.get(BEYOND):
            line.refuse(
                _(
                    "“%(text)s” stands under no heading. "
                    "Put a text that holds a comma in quotation marks, or give the column a heading."
                )
                % {"text": beyond}
            )
        return line

    def refuse(self, problem: str) -> None:
        """Let nothing of this row be written."""
        self.state = LineState.ERROR
        self.problems.append(problem)

    def change(self, changes: Iterable[Change]) -> None:
        """Add what differs; a new row stays new."""
        self.changes.extend(changes)
        if self.changes and self.state == LineState.UNCHANGED:
            self.state = LineState.CHANGED


@dataclass(frozen=True)
class Absent:
    """What the register holds and no row of the file names. It stays."""

    code: str
    organisation: str
    seat: str = ""
    person: str = ""
    is_elsewhere: bool = False
    """Whether the file names nothing of the whole organisation: it may be a part of the register."""


class Cells:
    """What the cells of a kind of row mean, and the sentence about one that means nothing.

    Made anew for each file: words for a choice are in the language of the reader, too.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        fields: Mapping[str, models.Field],
        choices: Mapping[str, type[models.TextChoices]],
    ) -> None:
        self.labels = {column.field: column.label for column in columns}
        self._fields, self._choices = fields, choices
        self._words = {name: words_of(of) for name, of in choices.items()}

    def value(self, line: Line, row: Row, name: str, *, required: bool = False) -> Any:
        """Return what a cell means, None where it is empty or can't be: that is said in the line."""
        text = row.get(name, "")
        if not text and not required:
            return None
        try:
            return self._choice(name, text) if name in self._words else cleaned(self._fields[name], text)
        except ValidationError as error:
            self.refuse(line, name, text, error)
            return None

    def refuse(self, line: Line, name: str, text: str, reason: ValidationError) -> None:
        """Say which cell is wrong, and why; nothing of its row is written."""
        words = {"column": self.labels[name], "text": text, "reason": " ".join(reason.messages)}
        line.refuse(_("%(column)s “%(text)s”: %(reason)s") % words)

    def change(self, name: str, before: Any, after: Any) -> Change:
        """Write a value that differs as the preview prints it."""
        return Change(self.labels[name], self._said(name, before), self._said(name, after))

    def _choice(self, name: str, text: str) -> str:
        value = self._words[name].get(heading_key(text), "")
        if not value:
            raise ValidationError(_("is none of those that exist"))
        return value

    def _said(self, name: str, value: Any) -> str:
        return str(self._choices[name](value).label) if name in self._choices and value else shown(value)


def as_said(line: Line) -> list[list[str]]:
    """Return the changes of a line as texts: what, from, to."""
    return [[str(change.label), change.before, change.after] for change in line.changes]


@dataclass
class Plan:
    """Everything that a file would do, and how it is done."""

    lines: list[Line]
    write: Callable[[Any], None]
    find_absent: Callable[[], list[Absent]]

    @cached_property
    def absent(self) -> list[Absent]:
        """What the register holds and no row names, all of it; looked up where somebody asks for it."""
        return self.find_absent()

    @property
    def absent_here(self) -> int:
        """How much of that belongs to organisations of which the file has rows."""
        return sum(not one.is_elsewhere for one in self.absent)

    @property
    def absent_elsewhere(self) -> int:
        """How much of it belongs to other organisations."""
        return len(self.absent) - self.absent_here

    def count(self, state: LineState) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def counts(self) -> list[tuple[LineState, int]]:
        return [(state, self.count(state)) for state in LineState]

    @property
    def is_idle(self) -> bool:
        """Whether nothing would be written."""
        return not self.count(LineState.NEW) and not self.count(LineState.CHANGED)

    @property
    def digest(self) -> str:
        """Tell two plans apart: what was confirmed is what is written, or nothing is."""
        said = [[line.number, line.name, line.state, as_said(line)] for line in self.lines]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def rows_of(headings: Sequence[str], rows: Iterable[Sequence[str]], mapping: Mapping[str, str]) -> list[Row]:
    """Return the rows by field; unmapped columns are left out, and of an empty row nothing is left.

    Cells beyond the last heading, and those under an empty one that is mapped to nothing, are together `BEYOND`.
    """
    places = [(place, mapping[heading]) for place, heading in enumerate(headings) if mapping.get(heading)]
    unnamed = {place for place, heading in enumerate(headings) if not heading and not mapping.get(heading)}
    return [
        {name: row[place] for place, name in places} | {BEYOND: _beyond(row, unnamed, len(headings))}
        if any(row)
        else {}
        for row in rows
    ]


def _beyond(row: Sequence[str], unnamed: Collection[int], width: int) -> str:
    return " ".join(cell for place, cell in enumerate(row) if cell and (place >= width or place in unnamed))


def heading_key(heading: str) -> str:
    """Return a heading as it is compared: without spaces, width and case."""
    return "".join(unicodedata.normalize("NFKC", heading).lower().split())


def codes_normalised(codes: Sequence[str]) -> list[str]:
    """Return municipal codes of six digits, with the leading zero that a spreadsheet took away.

    011002 comes back as 11002, which could also be a code of five digits. The rest of the column tells: where others
    have six, a five-digit one has lost its zero.
    """
    plain = [normalise_key(code).replace("-", "").replace(" ", "") for code in codes]
    has_six = any(len(code) == 6 and code.isdecimal() for code in plain)
    return [_code(code, has_six=has_six) for code in plain]


def organisation_keys(rows: Sequence[Row], *, named_in: str) -> list[Key]:
    """Return by what each row means its organisation; `named_in` is the field of its name."""
    codes = codes_normalised([row.get("code", "") for row in rows])
    return [(code, "") if code else ("", row.get(named_in, "")) for code, row in zip(codes, rows, strict=True)]


def meant_by(keys: Iterable[Key]) -> models.Q:
    """Return the condition on an organisation of being meant by one of the keys."""
    chosen = list(keys)
    codes, names = {code for code, _name in chosen if code}, {name for _code, name in chosen if name}
    return models.Q(code__in=codes) | models.Q(code__isnull=True, name__in=names)


class KnownOrganisations:
    """Organisations by what a row can mean them: by code, and by name those that have none."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_key: dict[Key, list[Organisation]] = defaultdict(list)
        for one in organisations:
            self._by_key[(one.code, "") if one.code else ("", one.name)].append(one)

    def __iter__(self) -> Iterator[Organisation]:
        return chain.from_iterable(self._by_key.values())

    def get(self, key: Key) -> Organisation | None:
        """Return who is meant. Raises `ValidationError` where it could be several."""
        meant = self._by_key.get(key, [])
        if len(meant) > 1:
            raise ValidationError(
                _("Several organisations without a municipal code have this name. Please rename them first.")
            )
        return meant[0] if meant else None

    def besides(self, keys: Iterable[Key]) -> list[Organisation]:
        """Return those that no key means, by code, those without one last."""
        meant = set(keys)
        found = (one for key, those in self._by_key.items() if key not in meant for one in those)
        return sorted(found, key=lambda one: (one.code is None, one.code or "", one.name))


def _code(code: str, *, has_six: bool) -> str:
    if not (code.isascii() and code.isdecimal()):
        return code
    if len(code) == 4:
        code = f"0{code}"
    elif len(code) == 5 and has_six and municipal_check_digit(f"0{code[:4]}") == code[4]:
        return f"0{code}"
    return normalise_municipal_code(code)


def words_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """Return what means each choice in a file: its value, its name, its label in the language of the reader."""
    return {
        heading_key(word): choice.value
        for choice in choices
        for word in (choice.name.replace("_", ""), choice.value, str(choice.label))
    }


def cleaned(model_field: models.Field, text: str) -> Any:
    """Return the value of a cell for a field of a model. Raises `ValidationError` with the reason."""
    if isinstance(model_field, models.DateField):
        return DayField().clean(text)
    if isinstance(model_field, models.IntegerField):
        text = normalise_key(text).replace(",", "").removesuffix("人")
    return model_field.clean(text, None)


def shown(value: Any) -> str:
    """Write a value as the preview prints it."""
    if value is None:
        return ""
    return format_date(value, weekday=False) if isinstance(value, dt.date) else str(value)
