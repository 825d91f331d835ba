"""Rows that are people on seats. A row names organisation, role and person; another person on a seat is a hand-over."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.accounts.services import RENAME
from cms.accounts.validators import normalise_key
from cms.calendar import format_date, today
from plugins.members.enums import LineState
from plugins.members.models import Handover

from .history import Entry, history_write, named
from .rows import (
    Absent,
    Cells,
    Change,
    Column,
    Key,
    KnownOrganisations,
    Line,
    Plan,
    Row,
    as_said,
    meant_by,
    organisation_keys,
)

COLUMNS = (
    Column("code", gettext_lazy("municipal code"), ("団体コード", "市町村コード", "code"), required=True),
    Column("organisation", gettext_lazy("organisation"), ("団体名", "市町村名", "自治体名", "organisation")),
    Column("role", gettext_lazy("role"), ("担当区分", "役割", "role"), required=True),
    Column("label", gettext_lazy("note on the seat"), ("席の備考", "label")),
    Column("last_name", gettext_lazy("family name"), ("氏", "姓", "last name")),
    Column("first_name", gettext_lazy("given name"), ("名", "first name")),
    Column("full_name", gettext_lazy("full name"), ("氏名", "担当者名", "担当者氏名", "name")),
    Column("email", gettext_lazy("mail address"), ("メールアドレス", "メール", "email", "mail")),
    Column("username", gettext_lazy("login ID"), ("ID", "ログインID", "login id")),
    Column("starts_on", gettext_lazy("in charge from"), ("開始日", "就任日", "着任日", "starts on")),
)
_FIELDS = {field.name: field for of in (Seat, Affiliation, User) for field in of._meta.concrete_fields}  # noqa: SLF001  Django's documented API

SeatKey = tuple[int, str, str]


@dataclass
class _Arrival:
    """Somebody who takes a seat, and from when."""

    seat: Seat
    person: User
    starts_on: dt.date
    predecessor: Affiliation | None = None


@dataclass(frozen=True)
class _Corrected:
    """Somebody of whom a row says something else than the register, and the seat that it names."""

    person: User
    seat: Seat
    line: Line
    names: list[str]
    former_name: str


@dataclass
class _Wanted:
    """What a row asks for."""

    organisation: Organisation
    seat: Seat
    values: dict[str, str] = field(default_factory=dict)
    username: str = ""
    starts_on: dt.date | None = None

    @property
    def full_name(self) -> str:
        return f"{self.values.get('last_name', '')} {self.values.get('first_name', '')}".strip()


def people_plan(*, rows: Sequence[Row]) -> Plan:
    """Work out what the rows do to seats and people: seven queries for any number of rows. Writes nothing."""
    keys = organisation_keys(rows, named_in="organisation")
    plan = _People(keys, [normalise_key(row.get("username", "")) for row in rows])
    numbered = enumerate(zip(keys, rows, strict=True), start=2)
    lines = [plan.line(number, key, row) for number, (key, row) in numbered if row]
    return Plan(lines=lines, write=plan.write, find_absent=plan.absent)


class _People:
    """The register as it stands, the rows so far, and what they add up to."""

    def __init__(self, keys: Sequence[Key], usernames: Sequence[str]) -> None:
        self.today = today()
        self.cells = Cells(COLUMNS, _FIELDS, {"role": SeatRole})
        organisations = Organisation.objects.filter(meant_by(keys)).active_on(self.today)
        self.organisations = KnownOrganisations(organisations)
        self.seats: dict[SeatKey, Seat] = {
            (seat.organisation_id, seat.role, seat.label): seat
            for seat in Seat.objects.filter(organisation__in=organisations).select_related("organisation")
        }
        self.held: dict[int, list[Affiliation]] = defaultdict(list)
        self.of_person: dict[int, list[Affiliation]] = defaultdict(list)
        wanted = Q(organisation__in=organisations) | Q(person__username__in=set(usernames) - {""})
        still = Q(ends_on__isnull=True) | Q(ends_on__gt=self.today)
        named = User.objects.alias(key=Lower("username")).filter(key__in={name.lower() for name in usernames if name})
        self.people = {person.username.lower(): person for person in named}
        # One object a person: what a row says of them is known to the next that names them, on whichever seat.
        one_each = {person.pk: person for person in self.people.values()}
        for row in Affiliation.objects.filter(wanted & still).select_related("person", "seat__organisation"):
            row.person = one_each.setdefault(row.person_id, row.person)
            self.held[row.seat_id].append(row)
            self.of_person[row.person_id].append(row)
        announced = Handover.objects.standing_from(self.today).filter(seat__organisation__in=organisations)
        self.announced = {one.seat_id: one for one in announced.select_related("successor")}
        self.secretariat = set(User.objects.with_admin_access().values_list("pk", flat=True))
        prefixes = Q(username__regex=r"^([0-9]{6}|x[0-9]+)-[0-9]+$")
        made = User.objects.filter(prefixes).values_list("username", flat=True)
        # Also what a later row names: an ID that is made up for somebody keeps out of its way.
        self.taken = {name.lower() for name in (*made, *usernames)}
        self.first_line: dict[SeatKey, int] = {}
        self.seen_names: dict[str, int] = {}
        self.new_seats: list[Seat] = []
        self.new_people: list[User] = []
        self.said: dict[tuple[str, str], tuple[str, int]] = {}
        self.corrected: list[_Corrected] = []
        self.arrivals: list[_Arrival] = []

    def line(self, number: int, key: Key, row: Row) -> Line:
        name = row.get("full_name") or f"{row.get('last_name', '')} {row.get('first_name', '')}".strip()
        line = Line.of(row, number=number, name=f"{key[0] or key[1]} {name}".strip())
        wanted = self._wanted(line, key, row)
        if wanted is None or line.problems:
            return line
        line.name = f"{wanted.organisation} {wanted.seat.get_role_display()} {wanted.full_name}"
        current = self._current(wanted)
        person = current.person if current else self.people.get(wanted.username.lower())
        if person is not None and person.pk in self.secretariat:
            # Another mail address would let whoever reads files in choose the password of an administrator.
            line.refuse(
                _("%(person)s may enter the administration: a file changes nothing there.") % {"person": person}
            )
        elif current is not None:
            self._correct(line, current.person, wanted)
        else:
            self._arrive(line, wanted)
        return line

    def _wanted(self, line: Line, key: Key, row: Row) -> _Wanted | None:
        organisation = self._organisation(line, key)
        if organisation is None:
            return None
        role = self.cells.value(line, row, "role", required=True)
        label = self.cells.value(line, row, "label") if row.get("label") else ""
        if role is None or label is None:
            return None
        place = (organisation.pk, role, label)
        if place in self.first_line:
            line.refuse(_("The same seat stands in line %(line)d already.") % {"line": self.first_line[place]})
        self.first_line.setdefault(place, line.number)
        seat = self.seats.get(place) or Seat(organisation=organisation, role=role, label=place[2])
        return self._read(line, _Wanted(organisation, seat, username=normalise_key(row.get("username", ""))), row)

    def _organisation(self, line: Line, key: Key) -> Organisation | None:
        code, name = key
        nobody = (
            _("No organisation without a municipal code has this name. Please enter the code.")
            if name
            else _("No organisation has this code.")
        )
        try:
            if organisation := self.organisations.get(key):
                return organisation
            raise ValidationError(nobody)
        except ValidationError as error:
            self.cells.refuse(line, "organisation" if name else "code", name or code, error)
            return None

    def _read(self, line: Line, wanted: _Wanted, row: Row) -> _Wanted:
        last, _space, first = " ".join(row.get("full_name", "").split()).partition(" ")
        given = {
            "last_name": row.get("last_name") or last,
            "first_name": row.get("first_name") or first,
            "email": normalise_key(row.get("email", "")),
        }
        found = {name: self.cells.value(line, given, name) for name in given}
        wanted.values = {name: value for name, value in found.items() if value is not None}
        if not wanted.full_name:
            line.refuse(_("The name is missing."))
        wanted.starts_on = self.cells.value(line, row, "starts_on")
        if wanted.username and wanted.username.lower() not in self.people:
            self._check_new_username(line, wanted.username)
        return wanted

    def _check_new_username(self, line: Line, username: str) -> None:
        self.cells.value(line, {"username": username}, "username")
        earlier = self.seen_names.setdefault(username.lower(), line.number)
        if earlier != line.number:
            words = {"username": username, "line": earlier}
            line.refuse(_("The login ID %(username)s stands in line %(line)d already.") % words)

    def _current(self, wanted: _Wanted) -> Affiliation | None:
        """Return the affiliation, in force or announced, by which the person of the row sits there already."""
        rows = self.held.get(wanted.seat.pk, []) if wanted.seat.pk else []
        for row in rows:
            if wanted.username:
                same = row.person.username.lower() == wanted.username.lower()
            else:
                same = row.person.get_full_name() == wanted.full_name
            if same and (wanted.starts_on is None or row.starts_on <= max(wanted.starts_on, self.today)):
                return row
        return None

    def _correct(self, line: Line, person: User, wanted: _Wanted) -> None:
        """Take over what a row says of somebody known; what an earlier row says otherwise is said in the line."""
        for name, value in wanted.values.items():
            first, number = self.said.setdefault((person.username.lower(), name), (value, line.number))
            if first != value:
                otherwise = _("Line %(line)d says otherwise of the same person.") % {"line": number}
                self.cells.refuse(line, name, value, ValidationError(otherwise))
        differing = [name for name, value in wanted.values.items() if getattr(person, name) != value]
        if line.problems or not differing:
            return
        line.change(self.cells.change(name, getattr(person, name), wanted.values[name]) for name in differing)
        former_name = person.get_full_name()
        for name in differing:
            setattr(person, name, wanted.values[name])
        if person.pk is not None:
            self.corrected.append(_Corrected(person, wanted.seat, line, differing, former_name))

    def _arrive(self, line: Line, wanted: _Wanted) -> None:
        day = wanted.starts_on or self.today
        if not wanted.organisation.is_active_on(day):
            line.refuse(_("%(organisation)s does not exist on that day.") % {"organisation": wanted.organisation})
            return
        if self._is_announced(line, wanted.seat, day):
            return
        rows = self.held.get(wanted.seat.pk, []) if wanted.seat.pk else []
        later = next((row for row in rows if row.starts_on >= day), None)
        if later is not None:
            words = {"person": later.person, "day": format_date(later.starts_on, weekday=False)}
            line.refuse(_("%(person)s holds or takes this seat from %(day)s. Please enter a later day.") % words)
            return
        # Whose time was to end on that day hands over, too.
        predecessor = next((row for row in rows if row.ends_on is None or row.ends_on >= day), None)
        person = self.people.get(wanted.username.lower()) if wanted.username else None
        if person is not None and (
            self._is_written_otherwise(line, person, wanted)
            or self._is_closed(line, person, wanted)
            or self._belongs_elsewhere(line, person, wanted, day)
        ):
            return
        person = person or self._new_person(wanted)
        self._correct(line, person, wanted)
        if line.problems:
            return
        line.state = LineState.CHANGED if predecessor else LineState.NEW
        if predecessor is not None:
            after = f"{person.display_name} {format_date(day, weekday=False)}～"
            line.changes.append(Change(_("person"), predecessor.person.display_name, after))
        if wanted.seat.pk is None:
            self.new_seats.append(wanted.seat)
        self.arrivals.append(_Arrival(wanted.seat, person, day, predecessor))

    def _is_announced(self, line: Line, seat: Seat, day: dt.date) -> bool:
        """Whether a hand-over stands in the way: its cancellation would put back what a second one has changed."""
        handover = self.announced.get(seat.pk) if seat.pk else None
        if handover is None or (handover.on == self.today and day > self.today):
            return False
        words = {"person": handover.successor, "day": format_date(handover.on, weekday=False)}
        line.refuse(_("%(person)s takes this seat on %(day)s already. Please cancel that hand-over first.") % words)
        return True

    def _is_written_otherwise(self, line: Line, person: User, wanted: _Wanted) -> bool:
        if person.username == wanted.username:
            return False
        words = {"username": wanted.username, "taken": person.username}
        line.refuse(_("The login ID %(username)s is taken: there is %(taken)s. Is that who is meant?") % words)
        return True

    def _is_closed(self, line: Line, person: User, wanted: _Wanted) -> bool:
        """Whether nobody could come: whose account is closed would leave the seat without anybody in charge."""
        if person.is_active:
            return False
        closed = _("The account of %(person)s is closed. Reopen it first, or enter another login ID.")
        self.cells.refuse(line, "username", wanted.username, ValidationError(closed % {"person": person}))
        return True

    def _belongs_elsewhere(self, line: Line, person: User, wanted: _Wanted, day: dt.date) -> bool:
        for row in self.of_person.get(person.pk, []):
            if row.organisation_id != wanted.organisation.pk and (row.ends_on is None or row.ends_on > day):
                line.refuse(
                    _("%(person)s belongs to another organisation at that time: %(seat)s.")
                    % {"person": person, "seat": row.seat}
                )
                return True
        earlier = next((one for one in self.arrivals if one.person is person), None)
        if earlier is not None and earlier.seat.organisation_id != wanted.organisation.pk:
            words = {"username": wanted.username, "seat": earlier.seat}
            line.refuse(_("The login ID %(username)s already takes a seat of another organisation: %(seat)s.") % words)
            return True
        return False

    def _new_person(self, wanted: _Wanted) -> User:
        username = wanted.username or self._free_username(wanted.organisation)
        person = User(username=username, password=make_password(None), **wanted.values)
        self.people[username.lower()] = person
        self.new_people.append(person)
        return person

    def _free_username(self, organisation: Organisation) -> str:
        prefix, number = organisation.code or f"x{organisation.pk}", 1
        while (name := f"{prefix}-{number}") in self.taken:
            number += 1
        self.taken.add(name)
        return name

    def absent(self) -> list[Absent]:
        """Name the seats that stand in no row, with who sits there today: first of the file's organisations."""
        seats = Seat.objects.filter(organisation__in=Organisation.objects.active_on(self.today))
        held = Affiliation.objects.active_on(self.today).select_related("person")
        people = {row.seat_id: row.person.display_name for row in held}
        here = {one.pk for one in self.organisations}
        found = [
            Absent(
                code=seat.organisation.code or "",
                organisation=seat.organisation.name,
                seat=str(seat.name),
                person=people.get(seat.pk, ""),
                is_elsewhere=seat.organisation_id not in here,
            )
            for seat in seats.select_related("organisation").order_by("organisation__code", "-role", "label")
            if (seat.organisation_id, seat.role, seat.label) not in self.first_line
        ]
        return sorted(found, key=attrgetter("is_elsewhere"))

    def write(self, by: User | None) -> None:
        """Write what the lines say: whoever leaves a seat first, because a seat has one person at a time."""
        User.objects.bulk_create(self.new_people, batch_size=500)
        if self.corrected:
            names = {name for one in self.corrected for name in one.names}
            people = {one.person.pk: one.person for one in self.corrected}
            User.objects.bulk_update(people.values(), sorted(names), batch_size=200)
        Seat.objects.bulk_create(self.new_seats, batch_size=500)
        handovers = self._handovers(by)
        for arrival in self.arrivals:
            if arrival.predecessor is not None:
                arrival.predecessor.ends_on = arrival.starts_on
        leaving = [arrival.predecessor for arrival in self.arrivals if arrival.predecessor is not None]
        Affiliation.objects.bulk_update(leaving, ["ends_on"], batch_size=500)
        Affiliation.objects.bulk_create(
            [
                Affiliation(
                    seat=arrival.seat,
                    organisation=arrival.seat.organisation,
                    person=arrival.person,
                    starts_on=arrival.starts_on,
                )
                for arrival in self.arrivals
            ],
            batch_size=500,
        )
        Handover.objects.bulk_create(handovers, batch_size=500)
        self._log(handovers, by)

    def _handovers(self, by: User | None) -> list[Handover]:
        """Return what stands beside the seats and can be cancelled, as if it were announced one by one.

        Nobody is mailed by a file: the people who come are invited when the secretariat chooses. Days that are past
        are no announcement.
        """
        return [
            Handover(
                seat=arrival.seat,
                predecessor=arrival.predecessor.person,
                successor=arrival.person,
                on=arrival.starts_on,
                ended_on_before=arrival.predecessor.ends_on,
                announced_by=by,
                announced_by_name=by.display_name if by else "",
            )
            for arrival in self.arrivals
            if arrival.predecessor is not None and arrival.starts_on >= self.today
        ]

    def _log(self, handovers: Sequence[Handover], by: User | None) -> None:
        entries: list[Entry] = [
            (
                arrival.seat.organisation,
                "members.seat",
                {"seat": str(arrival.seat), **named(person=arrival.person), "on": arrival.starts_on.isoformat()},
            )
            for arrival in self.arrivals
        ]
        entries += [(one.seat.organisation, "members.handover", one.history) for one in handovers]
        for one in self.corrected:
            # What stood there before is personal: it goes where erasing the person empties it.
            entries.append((one.person, "members.import", {"changes": as_said(one.line)}))
            if one.former_name not in ("", one.person.get_full_name()):
                entries.append((one.person, RENAME, {"name": one.former_name}))
            data = {"seat": str(one.seat), **named(person=one.person), "fields": one.names}
            entries.append((one.seat.organisation, "members.import", data))
        history_write(entries=entries, by=by)
