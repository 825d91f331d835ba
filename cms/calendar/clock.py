"""The wall clock of the association: Asia/Tokyo, whatever zone the server or a setting says."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Return the present moment on the association's clock."""
    return timezone.now().astimezone(TOKYO)


def today() -> date:
    """Return the present date in Japan, which a server in UTC learns nine hours late."""
    return now().date()


def at_tokyo(value: datetime) -> datetime:
    """Put a moment on the association's clock. A naive value is read as Japanese wall-clock time."""
    return value.replace(tzinfo=TOKYO) if value.tzinfo is None else value.astimezone(TOKYO)


def tokyo_date(value: date) -> date:
    """Return the Japanese date of a date or of a moment."""
    return at_tokyo(value).date() if isinstance(value, datetime) else value


def day_start(day: date) -> datetime:
    """Return 00:00 JST of the day."""
    return datetime.combine(day, time.min, tzinfo=TOKYO)
