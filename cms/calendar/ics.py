"""iCalendar files by RFC 5545, with the calendar's name and refresh interval of RFC 7986."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from icalendar import Calendar, Event, Timezone

from .clock import TOKYO, at_tokyo, now

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT_ID = "-//Kairan//Calendar//JA"
REFRESH_INTERVAL = timedelta(hours=12)
_NAMESPACE = UUID("6e2c2f6e-9a0f-5a56-8b7d-2f4b8a0c5d11")
# Text may hold no control character but the tab and the line feed (RFC 5545 section 3.1).
_CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n"}


class Entry(Protocol):
    """What a calendar shows: a moment with or without an end, or whole days (dates, the last one included).

    It may also carry `description`, `kind` (printed as category) and `updated_at`.
    """

    @property
    def uid(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date | None: ...
    @property
    def location(self) -> str: ...
    @property
    def url(self) -> str: ...


def stable_uid(*parts: object) -> str:
    """Return the same UID for the same parts, for ever: a page's translation key, an occurrence's own key."""
    return str(uuid5(_NAMESPACE, "/".join(str(part) for part in parts)))


def calendar_response_bytes(entries: Iterable[Entry], *, name: str = "") -> bytes:
    """Write the entries as one calendar. Moments are in Asia/Tokyo, with its VTIMEZONE in the file."""
    calendar = Calendar.new(
        uid=stable_uid(PRODUCT_ID, name),
        prodid=PRODUCT_ID,
        calscale="GREGORIAN",
        method="PUBLISH",
        name=_text(name) or None,
        refresh_interval=REFRESH_INTERVAL,
    )
    # RFC 7986 section 5.7 requires the type; the library leaves it out.
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    if not calendar.subcomponents:
        # A calendar holds at least one component (RFC 5545 section 3.6).
        calendar.add_component(Timezone.from_tzid(str(TOKYO)))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    updated = getattr(entry, "updated_at", None)
    event = Event.new(
        uid=entry.uid,
        stamp=(updated or now()).astimezone(UTC),
        last_modified=updated.astimezone(UTC) if updated else None,
        summary=_text(entry.title),
        start=_moment(entry.start),
        location=_text(entry.location) or None,
        description=_text(getattr(entry, "description", "")) or None,
        url=entry.url or None,
    )
    end = _end(entry)
    if end is not None:
        event.end = end
    return event


def _moment(value: date) -> date:
    return at_tokyo(value).replace(microsecond=0) if isinstance(value, datetime) else value


def _end(entry: Entry) -> date | None:
    """Whole days end on the day after the last one; an end that is no later than the start is left out."""
    if isinstance(entry.start, datetime):
        return _moment(entry.end) if isinstance(entry.end, datetime) and entry.end > entry.start else None
    return (entry.end or entry.start) + timedelta(days=1)


def _text(value: object) -> str:
    """Remove what RFC 5545 forbids in text; lines end with a line feed."""
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
