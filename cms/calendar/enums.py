"""How exactly a planned date is known, and how a fiscal year across two eras is named."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Precision(TextChoices):
    """The smallest unit that a fuzzy date is sure of."""

    DAY = "day", _("day")
    TEN_DAYS = "ten_days", _("third of a month")
    MONTH = "month", _("month")
    FISCAL_YEAR = "fiscal_year", _("fiscal year")
    UNDECIDED = "undecided", _("undecided")


class TransitionEra(TextChoices):
    """The era that names FY2019, which began one month before 令和 did."""

    REIWA = "reiwa", "令和元年度"
    HEISEI = "heisei", "平成31年度"
