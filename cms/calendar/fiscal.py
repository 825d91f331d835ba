"""Fiscal years, which run from 1 April to 31 March."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.utils.translation import gettext as _

from .clock import day_start, today, tokyo_date
from .enums import TransitionEra
from .eras import YEAR_PATTERN, era_year, matched_year, normalise
from .language import prints_japanese

FIRST_MONTH = 4
# It began one month before 令和, and each body chose its own name for it.
NAMED_BY_SETTING = 2019
_FISCAL_YEAR = re.compile(rf"(?:FY)?(?:{YEAR_PATTERN})(?:年度?)?", re.IGNORECASE)


def fiscal_year_of(value: date) -> int:
    """Return the year in which the date's fiscal year began."""
    day = tokyo_date(value)
    return day.year - (day.month < FIRST_MONTH)


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """The year from 1 April of `year`: FiscalYear(2009) is 平成21年度."""

    year: int

    @classmethod
    def of(cls, value: date) -> Self:
        """Return the fiscal year that holds the date, or the moment in Japan."""
        return cls(fiscal_year_of(value))

    @classmethod
    def current(cls) -> Self:
        """Return the fiscal year of today in Japan."""
        return cls.of(today())

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        """The last day, itself included."""
        return date(self.year + 1, FIRST_MONTH - 1, 31)

    @property
    def starts_at(self) -> datetime:
        """The first moment, for queries over moments."""
        return day_start(self.start)

    @property
    def ends_before(self) -> datetime:
        """The first moment that no longer belongs to it."""
        return self.next.starts_at

    @property
    def next(self) -> "FiscalYear":
        return FiscalYear(self.year + 1)

    @property
    def previous(self) -> "FiscalYear":
        return FiscalYear(self.year - 1)

    @property
    def label(self) -> str:
        """平成21年度, or FY2009 for readers of English."""
        return self.japanese if prints_japanese() else f"FY{self.year}"

    @property
    def japanese(self) -> str:
        """The era's name of the year, by the era of its first day; FY2019 follows the setting."""
        if self.year == NAMED_BY_SETTING:
            return str(TransitionEra(settings.CALENDAR_FY2019_ERA).label)
        return f"{era_year(self.start)}度"

    @property
    def slug(self) -> str:
        """The part of an address that names it: fy2009."""
        return f"fy{self.year}"

    def __contains__(self, value: date) -> bool:
        return fiscal_year_of(value) == self.year

    def __int__(self) -> int:
        return self.year

    def __str__(self) -> str:
        return self.label


def parse_fiscal_year(text: str) -> FiscalYear:
    """Read `平成 2 1 年度`, `H21`, `FY2009` or `2009`. Raises ValueError with a sentence."""
    match = _FISCAL_YEAR.fullmatch(normalise(text))
    if match is None:
        raise ValueError(_("“%(text)s” is not a fiscal year. Write it like 平成21年度 or 2009.") % {"text": text})
    return FiscalYear(matched_year(match))


def fiscal_years(values: Iterable[date]) -> list[FiscalYear]:
    """Return the distinct fiscal years of the dates, the latest first."""
    return sorted({FiscalYear.of(value) for value in values}, reverse=True)
