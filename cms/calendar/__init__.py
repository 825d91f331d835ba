"""The association's calendar: fiscal years, Japanese eras, fuzzy dates, deadlines in Asia/Tokyo, iCalendar files."""

from .clock import TOKYO, at_tokyo, now, today
from .enums import Precision
from .eras import era_date, era_year, parse_date
from .fiscal import FiscalYear, fiscal_year_of, parse_fiscal_year
from .fuzzy import FuzzyDate
from .periods import format_date, format_period, format_time, format_times

__all__ = [
    "TOKYO",
    "FiscalYear",
    "FuzzyDate",
    "Precision",
    "at_tokyo",
    "era_date",
    "era_year",
    "fiscal_year_of",
    "format_date",
    "format_period",
    "format_time",
    "format_times",
    "now",
    "parse_date",
    "parse_fiscal_year",
    "today",
]
