"""Rows that are organisations. The code is the key: names repeat. Only who has no code is known by its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.enums import OrganisationKind, Prefecture
from cms.accounts.models import Organisation
from cms.accounts.validators import validate_municipal_code
from cms.calendar import today
from plugins.members.enums import LineState

from . import membership_rows
from .history import Entry, history_write
from .rows import Absent, Cells, Column, Key, KnownOrganisations, Line, Plan, Row, as_said, organisation_keys

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
    *membership_rows.COLUMNS,
)
_FIELDS = {field.name: field for field in Organisation._meta.concrete_fields}  # noqa: SLF001  Django's documented API
_CHOICES: dict[str, type[models.TextChoices]] = {"kind": OrganisationKind, "prefecture": Prefecture}
OWN_FIELDS = tuple(column.field for column in COLUMNS if column.field in _FIELDS)
"""The columns that are fields of an organisation; the others are of its membership."""
_PREFECTURES = frozenset(Prefecture.values)
_SUFFIXES = {
    "市": OrganisationKind.CITY,
    "町": OrganisationKind.TOWN,
    "村": OrganisationKind.VILLAGE,
    "区": OrganisationKind.WARD,
}


def organisations_plan(*, rows: Sequence[Row]) -> Plan:
    """Work out what the rows do to the register: two queries for any number of rows. Writes nothing."""
    keys = organisation_keys(rows, named_in="name")
    plan = _Organisations(Organisation.objects.all())
    numbered = enumerate(zip(keys, rows, strict=True), start=2)
    lines = [plan.line(number, key, row) for number, (key, row) in numbered if row]
    return Plan(lines=lines, write=plan.write, find_absent=lambda: plan.absent(keys))


class _Organisations:
    """The rows so far, and what they add up to."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.known = KnownOrganisations(organisations)
        self.code_of = {one.name: one.code for one in self.known if one.code}
        self.cells = Cells(COLUMNS, _FIELDS, _CHOICES)
        self.memberships = membership_rows.Memberships()
        self.first_line: dict[Key, int] = {}
        self.new: list[Organisation] = []
        self.changed: list[tuple[Organisation, Line]] = []
        self.fields: set[str] = set()

    def line(self, number: int, key: Key, row: Row) -> Line:
        line = Line.of(row, number=number, name=row.get("name") or key[0])
        stored = self._meant(line, key)
        # An empty cell means: leave what is there.
        found = {name: self.cells.value(line, row, name) for name in OWN_FIELDS if name != "code"}
        values = {name: value for name, value in found.items() if value is not None}
        of_membership = self.memberships.values(line, row)
        if not line.problems:
            self._take(line, stored or _new(key[0], row, values), row, values, of_membership)
        return line

    def absent(self, keys: Iterable[Key]) -> list[Absent]:
        """Name the organisations that exist today and stand in no row, those without a code last."""
        on = today()
        return [Absent(one.code or "", one.name) for one in self.known.besides(keys) if one.is_active_on(on)]

    def _meant(self, line: Line, key: Key) -> Organisation | None:
        """Return the organisation of a row, None where it is new; a key that can't be is said in the line."""
        code, name = key
        try:
            if not name:
                validate_municipal_code(code)
            stored = self.known.get(key)
            if stored is None and name in self.code_of:
                words = {"organisation": name, "code": self.code_of[name]}
                raise ValidationError(_("%(organisation)s has the code %(code)s. Please enter it.") % words)
        except ValidationError as error:
            self.cells.refuse(line, "name" if name else "code", name or code, error)
            return None
        if key in self.first_line:
            said: dict[str, Any] = {"code": code, "organisation": name, "line": self.first_line[key]}
            twice = _("%(organisation)s stands in line %(line)d already.")
            line.refuse((_("The code %(code)s stands in line %(line)d already.") if code else twice) % said)
        self.first_line.setdefault(key, line.number)
        return stored

    def _take(
        self,
        line: Line,
        organisation: Organisation,
        row: Row,
        values: dict[str, Any],
        of_membership: dict[str, Any],
    ) -> None:
        is_new = organisation.pk is None
        differing = {name: value for name, value in values.items() if getattr(organisation, name) != value}
        changes = [self.cells.change(name, getattr(organisation, name), value) for name, value in differing.items()]
        for name, value in differing.items():
            setattr(organisation, name, value)
        if differing or is_new:
            _check(line, organisation)
        membership = self.memberships.read(line, row, organisation, of_membership)
        if line.problems:
            return
        if is_new:
            line.state = LineState.NEW
            self.new.append(organisation)
        line.change(changes)
        if differing:
            self.fields |= differing.keys()
        if membership is not None:
            line.change(self.memberships.take(membership))
        if line.state == LineState.CHANGED:
            self.changed.append((organisation, line))

    def write(self, by: User | None) -> None:
        """Write what the lines say, in a few statements, and each change into its history."""
        Organisation.objects.bulk_create(self.new, batch_size=500)
        if self.fields:
            Organisation.objects.bulk_update([one for one, _line in self.changed], sorted(self.fields), batch_size=200)
        made: list[Entry] = [(one, "wagtail.create", {"import": True}) for one in self.new]
        changed: list[Entry] = [(one, "members.import", {"changes": as_said(line)}) for one, line in self.changed]
        history_write(entries=[*made, *changed, *self.memberships.write()], by=by)


def _new(code: str, row: Row, values: dict[str, Any]) -> Organisation:
    """Make an organisation of a row; kind and prefecture follow from name and code where no cell says them."""
    values.setdefault("kind", _SUFFIXES.get(row.get("name", "")[-1:], ""))
    values.setdefault("prefecture", code[:2] if code[:2] in _PREFECTURES else "")
    return Organisation(code=code or None, **values)


def _check(line: Line, organisation: Organisation) -> None:
    try:
        organisation.clean()
        if not organisation.name:
            raise ValidationError(_("A new organisation needs its name."))
        if not organisation.kind:
            raise ValidationError(_("It is not clear whether it is a city, a town, a village or another organisation."))
    except ValidationError as error:
        line.refuse(" ".join(error.messages))
