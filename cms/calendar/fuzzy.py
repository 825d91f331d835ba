"""Dates that are not exact yet, as plans name them: 6月予定, 2～3月, 未定.

A fuzzy date is a range of days with the precision in which it is known. It is stored as sortable text after ISO 8601:
`2010-06-09`, `2010-06-early`, `2010-06`, `2011-02/2011-03`, `FY2010` and `undecided`.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Self

from django.utils.translation import gettext as _

from .enums import Precision
from .eras import YEAR_PATTERN, era_year, matched_year, normalise, parse_date, parse_year
from .fiscal import FiscalYear, parse_fiscal_year
from .language import prints_japanese
from .periods import MONTHS, format_date, format_period

PARTS = ("early", "mid", "late")
PARTS_JAPANESE = ("上旬", "中旬", "下旬")
FAR_FUTURE = date.max
MAX_LENGTH = 32
_FIRST_DAY_OF_PART = (1, 11, 21)

_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(early|mid|late))?")
_PLANNED = re.compile(r"(?:開催)?(?:予定|頃|ごろ)$")
_UNDECIDED = frozenset({"未定", "日程未定", "undecided"})
_FISCAL_YEAR = re.compile(r"(.+年度|fy\d{4})(?:中|内|\(?(?:日程)?未定\)?)?", re.IGNORECASE)
_TO = r"[~〜\-–から/]+"
_MONTHS = re.compile(
    rf"{YEAR_PATTERN}年(?P<month>\d{{1,2}})月?(?P<part>上旬|中旬|下旬)?"
    rf"(?:{_TO}(?P<last_year>(?:\D{{2}}(?:元|\d{{1,3}})|\d{{4}})年)?(?P<last_month>\d{{1,2}})月)?(?<=[月旬])"
)


@total_ordering
@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """A range of days and how exactly it is known. Undecided dates have no range and sort last."""

    start: date | None
    end: date | None
    precision: Precision

    def __post_init__(self) -> None:
        if (self.precision == Precision.UNDECIDED) != (self.start is None) or (self.start is None) != (
            self.end is None
        ):
            raise ValueError(_("Only an undecided date has no first and last day."))
        if self.start and self.end and self.end < self.start:
            raise ValueError(_("The period ends before it starts."))

    @classmethod
    def day(cls, first: date, last: date | None = None) -> Self:
        """One exact day, or from one to another."""
        return cls(first, last or first, Precision.DAY)

    @classmethod
    def ten_days(cls, year: int, month: int, part: int) -> Self:
        """The first, second or last third of a month (上旬, 中旬, 下旬: part 0, 1, 2)."""
        first = date(year, month, _FIRST_DAY_OF_PART[part])
        last = first.replace(day=(10, 20, monthrange(year, month)[1])[part])
        return cls(first, last, Precision.TEN_DAYS)

    @classmethod
    def month(cls, year: int, month: int, last: tuple[int, int] | None = None) -> Self:
        """One month, or all from it to the month `last` (year, month)."""
        last_year, last_month = last or (year, month)
        last_day = monthrange(last_year, last_month)[1]
        return cls(date(year, month, 1), date(last_year, last_month, last_day), Precision.MONTH)

    @classmethod
    def fiscal_year(cls, year: int) -> Self:
        """Some day in the fiscal year."""
        return cls(FiscalYear(year).start, FiscalYear(year).end, Precision.FISCAL_YEAR)

    @classmethod
    def undecided(cls) -> Self:
        """No range at all (未定)."""
        return cls(None, None, Precision.UNDECIDED)

    @classmethod
    def parse(cls, text: str) -> "FuzzyDate":
        """Read the stored text, or what people type. Raises ValueError with a sentence.

        平成22年6月予定, 平成23年2～3月, 平成22年6月下旬, 平成22年度, 平成22年6月9日 and 未定 are understood.
        """
        return parse_fuzzy(text)

    @property
    def sort_key(self) -> tuple[date, date]:
        return (self.start or FAR_FUTURE, self.end or FAR_FUTURE)

    def __lt__(self, other: "FuzzyDate") -> bool:
        return (self.sort_key, self.precision) < (other.sort_key, other.precision)

    @property
    def iso(self) -> str:
        """The stored text."""
        if self.start is None or self.end is None:
            return "undecided"
        match self.precision:
            case Precision.DAY:
                return _joined(self.start.isoformat(), self.end.isoformat())
            case Precision.TEN_DAYS:
                return f"{self.start:%Y-%m}-{PARTS[_part(self.start)]}"
            case Precision.MONTH:
                return _joined(f"{self.start:%Y-%m}", f"{self.end:%Y-%m}")
            case _:
                return f"FY{FiscalYear.of(self.start).year}"

    @property
    def label(self) -> str:
        """平成22年6月, 平成23年2～3月, 未定, or the same in English."""
        return str(self)

    @property
    def planned(self) -> str:
        """The label as a plan prints it: 平成22年6月予定; 未定 stays as it is."""
        if self.start is None or not prints_japanese():
            return self.label
        return f"{self.label}予定"

    def __str__(self) -> str:
        return _japanese(self) if prints_japanese() else _english(self)


def _joined(first: str, last: str) -> str:
    return first if first == last else f"{first}/{last}"


def _part(day: date) -> int:
    return min((day.day - 1) // 10, 2)


def _japanese(value: FuzzyDate) -> str:
    if value.start is None or value.end is None:
        return "未定"
    match value.precision:
        case Precision.DAY:
            return format_period(value.start, value.end)
        case Precision.TEN_DAYS:
            return f"{era_year(value.start)}{value.start.month}月{PARTS_JAPANESE[_part(value.start)]}"
        case Precision.FISCAL_YEAR:
            return FiscalYear.of(value.start).japanese
    return _japanese_months(value.start, value.end)


def _japanese_months(first: date, last: date) -> str:
    head = f"{era_year(first)}{first.month}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{head}月"
    if era_year(first) == era_year(last):
        return f"{head}～{last.month}月"
    return f"{head}月～{era_year(last)}{last.month}月"


def _english(value: FuzzyDate) -> str:
    if value.start is None or value.end is None:
        return "to be decided"
    first, last = value.start, value.end
    match value.precision:
        case Precision.DAY:
            return format_date(first) if first == last else format_period(first, last)
        case Precision.TEN_DAYS:
            return f"{PARTS[_part(first)]} {MONTHS[first.month - 1]} {first.year}"
        case Precision.FISCAL_YEAR:
            return f"FY{FiscalYear.of(first).year}"
    last_text = f"{MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return last_text
    head = MONTHS[first.month - 1]
    return f"{head}–{last_text}" if first.year == last.year else f"{head} {first.year} – {last_text}"


def parse_fuzzy(text: str) -> FuzzyDate:
    """Read a fuzzy date; see FuzzyDate.parse."""
    typed = _PLANNED.sub("", normalise(text))
    try:
        return _parse_iso(typed) or _parse_japanese(typed)
    except ValueError as error:
        raise ValueError(
            _("“%(text)s” is not understood. Write it like 平成22年6月, 平成23年2～3月, 平成22年6月9日 or 未定.")
            % {"text": text}
        ) from error


def _parse_iso(typed: str) -> FuzzyDate | None:
    first, separator, last = typed.partition("/")
    match = _ISO_MONTH.fullmatch(first)
    if match is None:
        if separator and re.fullmatch(r"\d{4}-\d{2}-\d{2}", first):
            return FuzzyDate.day(date.fromisoformat(first), date.fromisoformat(last))
        return None
    year, month = int(match[1]), int(match[2])
    if match[3]:
        return FuzzyDate.ten_days(year, month, PARTS.index(match[3]))
    if not separator:
        return FuzzyDate.month(year, month)
    end = _ISO_MONTH.fullmatch(last)
    if end is None:
        raise ValueError(last)
    return FuzzyDate.month(year, month, (int(end[1]), int(end[2])))


def _parse_japanese(typed: str) -> FuzzyDate:
    if typed.casefold() in _UNDECIDED:
        return FuzzyDate.undecided()
    if match := _FISCAL_YEAR.fullmatch(typed):
        return FuzzyDate.fiscal_year(parse_fiscal_year(match[1]).year)
    if match := _MONTHS.fullmatch(typed):
        return _matched_months(match)
    return _parse_days(typed)


def _matched_months(match: re.Match[str]) -> FuzzyDate:
    year, month = matched_year(match), int(match["month"])
    if match["part"]:
        if match["last_month"]:
            raise ValueError(match[0])
        return FuzzyDate.ten_days(year, month, PARTS_JAPANESE.index(match["part"]))
    if not match["last_month"]:
        return FuzzyDate.month(year, month)
    last_month = int(match["last_month"])
    # 12～1月 runs into the next year.
    last_year = parse_year(match["last_year"]) if match["last_year"] else year + (last_month < month)
    return FuzzyDate.month(year, month, (last_year, last_month))


def _parse_days(typed: str) -> FuzzyDate:
    first_text, separator, last_text = re.sub("[~〜–]", "~", typed).partition("~")
    first = parse_date(first_text)
    if not separator:
        return FuzzyDate.day(first)
    return FuzzyDate.day(first, parse_date(_with_omitted_parts(first, last_text)))


def _with_omitted_parts(first: date, text: str) -> str:
    """Complete 10日（水） or 11月20日（金） with the year and month of the first day."""
    if re.match(r"\d{1,2}日", text):
        return f"{first.year}年{first.month}月{text}"
    return f"{first.year}年{text}" if re.match(r"\d{1,2}月", text) else text
