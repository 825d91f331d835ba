"""Rules across the rows of the seminar form. They see plain values, so that form, import and test share them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cms.calendar import FiscalYear


@dataclass(frozen=True)
class SessionRow:
    """One session as it was entered."""

    key: UUID | None
    label: str
    start: datetime | None = None
    end: datetime | None = None
    attendance: int | None = None


@dataclass(frozen=True)
class OccurrenceRow:
    """One occurrence as it was entered, with its sessions."""

    key: UUID | None
    city: str
    start: datetime
    end: datetime | None = None
    attendance: int | None = None
    sessions: Sequence[SessionRow] = field(default=())


def session_outside(session: SessionRow, occurrence: OccurrenceRow) -> str:
    """Return the sentence for a session that leaves its occurrence's time, or nothing."""
    moments = [moment for moment in (session.start, session.end) if moment]
    too_early = any(moment < occurrence.start for moment in moments)
    too_late = any(occurrence.end and moment > occurrence.end for moment in moments)
    if not (too_early or too_late):
        return ""
    return _("“%(session)s” lies outside the time of its occurrence.") % {"session": session.label}


def repeated_keys(rows: Iterable[OccurrenceRow | SessionRow]) -> set[UUID]:
    """Return the keys that more than one row carries. An empty key is given one on saving."""
    seen: set[UUID] = set()
    return {row.key for row in rows if row.key and (row.key in seen or seen.add(row.key))}  # type: ignore[func-returns-value]  # add returns None: not seen


def lost_keys(keys: Iterable[str], occurrences: Iterable[OccurrenceRow]) -> list[str]:
    """Return the keys that name none of the occurrences."""
    present = {str(row.key) for row in occurrences}
    return [key for key in keys if key not in present]


def outside_fiscal_year(year: int, occurrences: Sequence[OccurrenceRow]) -> str:
    """Return the sentence for a seminar that does not begin in its fiscal year, or nothing."""
    if not occurrences:
        return ""
    found = FiscalYear.of(min(row.start for row in occurrences))
    if found.year == year:
        return ""
    return _("The first occurrence is in %(found)s, but the seminar is filed under %(entered)s.") % {
        "found": found.label,
        "entered": FiscalYear(year).label,
    }


def wrong_total(total: int | None, occurrences: Iterable[OccurrenceRow]) -> str:
    """Return the sentence for a cumulative total that differs from the sum of its parts, or nothing.

    Where a part was not counted there is nothing to compare with.
    """
    parts = [part for row in occurrences for part in _counted_parts(row)]
    counted = [part for part in parts if part is not None]
    if total is None or not parts or len(counted) < len(parts) or sum(counted) == total:
        return ""
    return _("The total is %(total)d, but the parts add up to %(sum)d.") % {"total": total, "sum": sum(counted)}


def _counted_parts(row: OccurrenceRow) -> list[int | None]:
    return [session.attendance for session in row.sessions] if row.sessions else [row.attendance]
