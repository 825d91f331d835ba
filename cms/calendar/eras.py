"""Japanese eras: writing a date with its era and weekday, and reading what offices type.

The days on which eras begin follow the orders that set them (昭和: 1926-12-25, 平成: 1989-01-08, 令和: 2019-05-01).
Japan took the Gregorian calendar on 1873-01-01 (明治6年1月1日); earlier days are written with the Western year.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from .clock import tokyo_date

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its name, the letter that forms use, its first year and its first day."""

    name: str
    letter: str
    first_year: int
    starts: date


ERAS = (
    Era("令和", "R", 2019, date(2019, 5, 1)),
    Era("平成", "H", 1989, date(1989, 1, 8)),
    Era("昭和", "S", 1926, date(1926, 12, 25)),
    Era("大正", "T", 1912, date(1912, 7, 30)),
    Era("明治", "M", 1868, date(1873, 1, 1)),
)
_FIRST_YEARS = {key: era.first_year for era in ERAS for key in (era.name, era.letter)}

# Written against normalised text: NFKC, no white space.
YEAR_PATTERN = r"(?:(?P<era>明治|大正|昭和|平成|令和|[MTSHR])(?P<era_year>元|\d{1,3})|(?P<year>\d{4}))"
_YEAR = re.compile(YEAR_PATTERN + "年?", re.IGNORECASE)
_DATE = re.compile(
    YEAR_PATTERN
    + rf"[年./-](?P<month>\d{{1,2}})[月./-](?P<day>\d{{1,2}})日?(?:\((?P<weekday>[{WEEKDAYS}])(?:曜日?)?\))?",
    re.IGNORECASE,
)


def era_of(day: date) -> Era | None:
    """Return the era that the day belongs to, None before Japan took the Gregorian calendar."""
    return next((era for era in ERAS if era.starts <= day), None)


def era_year(value: date) -> str:
    """Write the year of the date: 平成21年, 令和元年."""
    day = tokyo_date(value)
    era = era_of(day)
    return f"{day.year}年" if era is None else year_in_era(era, day.year)


def year_in_era(era: Era, year: int) -> str:
    """Write a Western year as a year of the era; the first one is 元年."""
    number = year - era.first_year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def era_date(value: date, *, weekday: bool = True) -> str:
    """Write a date as the association prints it: 平成21年6月9日（火）."""
    day = tokyo_date(value)
    return era_year(day) + month_day(day, weekday=weekday)


def month_day(day: date, *, weekday: bool = True) -> str:
    """Write the part after the year: 6月9日（火）."""
    suffix = f"（{WEEKDAYS[day.weekday()]}）" if weekday else ""
    return f"{day.month}月{day.day}日{suffix}"


def normalise(text: str) -> str:
    """Bring typed digits and marks to one form: `平成 ２ １ 年` becomes `平成21年`. A key, never shown back."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def matched_year(match: re.Match[str]) -> int:
    """Return the Western year of a match of YEAR_PATTERN.

    A year beyond the era's end is counted on (平成32年 is 2020): plans written before an era changed say so.
    """
    if match["year"]:
        return int(match["year"])
    number = 1 if match["era_year"] == "元" else int(match["era_year"])
    if number == 0:
        raise ValueError(_("An era has no year 0."))
    return _FIRST_YEARS[match["era"].upper()] + number - 1


def parse_year(text: str) -> int:
    """Read `平成 2 1 年`, `令和元年`, `H21` or `2009年`. Raises ValueError with a sentence."""
    match = _YEAR.fullmatch(normalise(text))
    if match is None:
        raise ValueError(_("“%(text)s” is not a year. Write it like 平成21年 or 2009.") % {"text": text})
    return matched_year(match)


def parse_date(text: str) -> date:
    """Read `平成 2 1 年 6 月 9 日（火）`, `H21.6.9` or `2009-06-09`.

    Raises ValueError with a sentence, also where a weekday is written that the day does not have.
    """
    match = _DATE.fullmatch(normalise(text))
    if match is None:
        raise ValueError(_("“%(text)s” is not a date. Write it like 平成21年6月9日 or 2009-06-09.") % {"text": text})
    try:
        day = date(matched_year(match), int(match["month"]), int(match["day"]))
    except ValueError as error:
        raise ValueError(_("There is no day “%(text)s”.") % {"text": text}) from error
    if match["weekday"] not in (None, WEEKDAYS[day.weekday()]):
        raise ValueError(
            _("The weekday in “%(text)s” is wrong: the day is %(day)s.") % {"day": era_date(day), "text": text}
        )
    return day
