"""Rows that are organisations. The code is the key, never the name: names repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.enums import OrganisationKind, Prefecture
from cms.accounts.models import Organisation
from cms.accounts.validators import validate_municipal_code
from cms.calendar import today
from plugins.members.enums import LineState

from .history import Entry, history_write
from .rows import (
    Change,
    Column,
    Line,
    Plan,
    Row,
    as_said,
    cell_problem,
    cleaned,
    codes_normalised,
    heading_key,
    shown,
    words_of,
)

if TYPE_CHECKING:
    from cms.accounts.models import User

COLUMNS = (
    Column(
        "code",
        gettext_lazy("municipal code"),
        ("団体コード", "市町村コード", "自治体コード", "code"),
        required=True,
    ),
    Column("name", gettext_lazy("name"), ("団体名", "市町村名", "自治体名", "name"), required=True),
    Column("kana", gettext_lazy("kana"), ("ふりがな", "フリガナ", "よみ", "kana")),
    Column("kind", gettext_lazy("kind"), ("種別", "区分", "kind")),
    Column("prefecture", gettext_lazy("prefecture"), ("都道府県名", "prefecture")),
    Column("section", gettext_lazy("section in charge"), ("課名", "担当課", "部署", "section")),
    Column("postcode", gettext_lazy("postcode"), ("〒", "郵便番号", "postcode")),
    Column("address", gettext_lazy("address"), ("住所", "所在地", "address")),
    Column("telephone", gettext_lazy("telephone"), ("電話", "tel", "telephone")),
    Column("fax", gettext_lazy("fax"), ("ファクス", "ファックス", "fax番号", "fax")),
    Column("email", gettext_lazy("representative mail address"), ("メールアドレス", "代表メール", "email", "mail")),
    Column("population", gettext_lazy("population"), ("人口", "population")),
    Column("population_on", gettext_lazy("population as of"), ("人口基準日", "population as of")),
)
_BY_FIELD = {column.field: column for column in COLUMNS}
_FIELDS = {field.name: field for field in Organisation._meta.concrete_fields}  # noqa: SLF001  Django's documented API
_PLAIN = [column.field for column in COLUMNS if column.field not in {"code", "kind", "prefecture"}]
_PREFECTURES = frozenset(Prefecture.values)
_SUFFIXES = {
    "市": OrganisationKind.CITY,
    "町": OrganisationKind.TOWN,
    "村": OrganisationKind.VILLAGE,
    "区": OrganisationKind.WARD,
}


def organisations_plan(*, rows: Sequence[Row]) -> Plan:
    """Work out what the rows do to the register: two queries for any number of rows. Writes nothing."""
    codes = codes_normalised([row.get("code", "") for row in rows])
    stored = {one.code: one for one in Organisation.objects.filter(code__isnull=False)}
    plan = _Organisations(stored)
    numbered = enumerate(zip(codes, rows, strict=True), start=2)
    lines = [plan.line(number, code, row) for number, (code, row) in numbered if row]
    here = set(codes)
    gone = [f"{one.name}（{code}）" for code, one in stored.items() if code not in here and one.is_active_on(today())]
    return Plan(lines=lines, absent=sorted(gone), write=plan.write)


class _Organisations:
    """The rows so far, and what they add up to."""

    def __init__(self, stored: Mapping[str | None, Organisation]) -> None:
        self.stored = stored
        self.words = {"kind": words_of(OrganisationKind), "prefecture": words_of(Prefecture)}
        self.first_line: dict[str, int] = {}
        self.new: list[Organisation] = []
        self.changed: list[tuple[Organisation, Line]] = []
        self.fields: set[str] = set()

    def line(self, number: int, code: str, row: Row) -> Line:
        line = Line(number=number, name=row.get("name") or code)
        self._check_code(line, code)
        values = _values(line, row, self.words)
        if line.problems:
            return line
        organisation = self.stored.get(code)
        if organisation is None:
            self._add(line, code, row, values)
        else:
            self._change(line, organisation, values)
        return line

    def _check_code(self, line: Line, code: str) -> None:
        try:
            validate_municipal_code(code)
        except ValidationError as error:
            line.refuse(cell_problem(_BY_FIELD["code"].label, code, error))
            return
        if code in self.first_line:
            line.refuse(
                _("The code %(code)s stands in line %(line)d already.")
                % {
                    "code": code,
                    "line": self.first_line[code],
                }
            )
        self.first_line.setdefault(code, line.number)

    def _add(self, line: Line, code: str, row: Row, values: dict[str, Any]) -> None:
        values.setdefault("kind", _SUFFIXES.get(row.get("name", "")[-1:], ""))
        values.setdefault("prefecture", code[:2] if code[:2] in _PREFECTURES else "")
        organisation = Organisation(code=code, **values)
        if not _is_sound(line, organisation):
            return
        line.state = LineState.NEW
        self.new.append(organisation)

    def _change(self, line: Line, organisation: Organisation, values: dict[str, Any]) -> None:
        differing = {name: value for name, value in values.items() if getattr(organisation, name) != value}
        if not differing:
            return
        line.changes = [
            Change(_BY_FIELD[name].label, _said(organisation, name), _said_value(name, value))
            for name, value in differing.items()
        ]
        for name, value in differing.items():
            setattr(organisation, name, value)
        if _is_sound(line, organisation):
            line.state = LineState.CHANGED
            self.changed.append((organisation, line))
            self.fields |= differing.keys()

    def write(self, by: User | None) -> None:
        """Write what the lines say, in a few statements, and each change into its history."""
        Organisation.objects.bulk_create(self.new, batch_size=500)
        if self.changed:
            Organisation.objects.bulk_update([one for one, _line in self.changed], sorted(self.fields), batch_size=200)
        made: list[Entry] = [(one, "wagtail.create", {"import": True}) for one in self.new]
        changed: list[Entry] = [(one, "members.import", {"changes": as_said(line)}) for one, line in self.changed]
        history_write(entries=[*made, *changed], by=by)


def _values(line: Line, row: Row, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return what the cells mean; an empty cell means: leave what is there."""
    values: dict[str, Any] = {}
    for name in _PLAIN:
        text = row.get(name, "")
        if text:
            try:
                values[name] = cleaned(_FIELDS[name], text)
            except ValidationError as error:
                line.refuse(cell_problem(_BY_FIELD[name].label, text, error))
    for name in ("kind", "prefecture"):
        text = row.get(name, "")
        if text:
            values[name] = words[name].get(heading_key(text), "")
            if not values[name]:
                unknown = ValidationError(_("is none of those that exist"))
                line.refuse(cell_problem(_BY_FIELD[name].label, text, unknown))
    return values


def _is_sound(line: Line, organisation: Organisation) -> bool:
    try:
        organisation.clean()
        if not organisation.name:
            raise ValidationError(_("A new organisation needs its name."))
        if not organisation.kind:
            raise ValidationError(_("It is not clear whether it is a city, a town, a village or another organisation."))
    except ValidationError as error:
        line.refuse(" ".join(error.messages))
        return False
    return True


def _said(organisation: Organisation, name: str) -> str:
    return _said_value(name, getattr(organisation, name))


def _said_value(name: str, value: Any) -> str:
    if name == "kind" and value:
        return str(OrganisationKind(value).label)
    if name == "prefecture" and value:
        return str(Prefecture(value).label)
    return shown(value)
