"""System checks of the calendar's settings."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .enums import TransitionEra


@register()
def check_transition_era(app_configs: Sequence[Any] | None, **kwargs: object) -> list[CheckMessage]:
    """FY2019 has two names; only those two are known."""
    if settings.CALENDAR_FY2019_ERA in TransitionEra.values:
        return []
    return [
        Error(
            f"CALENDAR_FY2019_ERA is {settings.CALENDAR_FY2019_ERA!r}; it names the era of fiscal year 2019.",
            hint="Use “reiwa” (令和元年度) or “heisei” (平成31年度).",
            id="calendar.E001",
        )
    ]
