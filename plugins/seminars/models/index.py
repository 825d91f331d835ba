"""The index of all seminars."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.calendar import FiscalYear
from cms.pages.models import BodyPage, CalendarMixin
from cms.plugin_api.points import CalendarEntry
from plugins.seminars.enums import SeminarPhase
from plugins.seminars.querysets import SeminarPageQuerySet

from .seminar import SeminarPage

WESTERN_YEAR = re.compile(r"(?:19|2\d)[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class SeminarFilter:
    """What a visitor asked the index for. What cannot be understood asks for nothing."""

    fiscal_year: FiscalYear | None = None
    phase: SeminarPhase | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "SeminarFilter":
        """Read `?fy=2009&phase=past`."""
        year, phase = request.GET.get("fy", ""), request.GET.get("phase", "")
        return cls(
            fiscal_year=FiscalYear(int(year)) if WESTERN_YEAR.fullmatch(year) else None,
            phase=SeminarPhase(phase) if phase in SeminarPhase.values else None,
        )

    @property
    def is_narrow(self) -> bool:
        """Say whether anything was left out."""
        return bool(self.fiscal_year or self.phase)

    def apply(self, seminars: SeminarPageQuerySet) -> SeminarPageQuerySet:
        """Leave out what was not asked for."""
        if self.fiscal_year:
            seminars = seminars.filter(fiscal_year=self.fiscal_year.year)
        if self.phase:
            seminars = seminars.filter(is_past=self.phase == SeminarPhase.PAST)
        return seminars


class SeminarIndexPage(CalendarMixin, BodyPage):  # type: ignore[django-manager-missing]  # of a parental key
    """All seminars: what is to come, then what was, by fiscal year."""

    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = ["seminars.SeminarPage"]
    max_count = 1
    address_word = "seminars"
    template = "seminars/seminar_index_page.html"
    per_page = 20

    class Meta:
        verbose_name = _("list of seminars")
        verbose_name_plural = _("lists of seminars")

    def seminars(self) -> SeminarPageQuerySet:
        """The seminars that visitors see, with their occurrences."""
        return SeminarPage.objects.child_of(self).shown().in_order().prefetch_related("occurrences")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give the template one page of the groups, and what can be filtered by."""
        chosen = SeminarFilter.of(request)
        page = Paginator(chosen.apply(self.seminars()), self.per_page).get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "page_obj": page,
            "groups": grouped(page),
            "chosen": chosen,
            "years": [FiscalYear(year) for year in self.fiscal_years()],
            "phases": SeminarPhase.choices,
        }

    def fiscal_years(self) -> Iterable[int]:
        """The fiscal years in which there are seminars, the latest first."""
        live = SeminarPage.objects.child_of(self).shown()
        return live.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()

    def calendar_entries(self, request: HttpRequest | None = None) -> list[CalendarEntry]:
        """Every occurrence of every seminar."""
        return [entry for seminar in self.seminars() for entry in seminar.calendar_entries(request)]


def grouped(seminars: Iterable[SeminarPage]) -> list[tuple[str, list[SeminarPage]]]:
    """Put what is to come first, and what was under its fiscal year. Takes them in that order already."""

    def heading(seminar: SeminarPage) -> str:
        return FiscalYear(seminar.fiscal_year).label if seminar.is_past else str(_("To come"))

    return [(label, list(group)) for label, group in groupby(seminars, heading)]
