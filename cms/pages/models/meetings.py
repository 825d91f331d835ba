"""Meetings of the association's bodies, and their index by fiscal year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from cms.calendar import FiscalYear, fiscal_year_of
from cms.calendar.ics import stable_uid
from cms.pages.blocks import TEXT_FEATURES, LinesBlock, MaterialsBlock
from cms.pages.enums import MinutesState
from cms.pages.fields import StreamField
from cms.pages.querysets import MeetingQuerySet
from cms.plugin_api.points import CalendarEntry

from .base import BodyPage
from .calendars import CalendarMixin, calendar_response
from .venue import VenueFields

FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR = 1900, 2200

ORGANISATIONS = ngettext_lazy("%(count)d organisation", "%(count)d organisations", "count")
PEOPLE = ngettext_lazy("%(count)d person", "%(count)d people", "count")


def _counted(unit: Any, count: int | None) -> str:
    return "" if count is None else str(unit % {"count": count})


class MeetingSeries(models.Model):  # type: ignore[django-manager-missing]  # of a parental key
    """A kind of meeting that is counted on its own within each fiscal year: 役員会, 総会."""

    name = models.CharField(_("name"), max_length=50, unique=True, help_text=_("Example: Board of officers"))
    slug = models.SlugField(
        _("short name in addresses"),
        max_length=20,
        unique=True,
        help_text=_("Lower-case letters and hyphens. Example: officers"),
    )
    is_main = models.BooleanField(
        _("main series"),
        default=False,
        help_text=_("Its meetings have the shortest addresses: fy2009-1. The others begin with the short name."),
    )

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("is_main")]
    shown_to_visitors = True

    class Meta:
        verbose_name = _("meeting series")
        verbose_name_plural = _("meeting series")
        ordering = ["-is_main", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_main"],
                condition=models.Q(is_main=True),
                name="pages_series_one_main",
                violation_error_message=_("Another series is the main one already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingPage(VenueFields, BodyPage):  # type: ignore[django-manager-missing]  # of a parental key
    """One meeting: when and where, who came, what it was about, what was decided, and its papers."""

    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"),
        validators=[MinValueValidator(FIRST_FISCAL_YEAR), MaxValueValidator(LAST_FISCAL_YEAR)],
        help_text=_("The year in which it began on 1 April. Example: 2009 for FY2009 (Heisei 21)"),
    )
    series = models.ForeignKey(
        MeetingSeries, verbose_name=_("series"), on_delete=models.PROTECT, related_name="meetings"
    )
    number = models.PositiveSmallIntegerField(
        _("number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Counted within the fiscal year and the series. Example: 2"),
    )
    published_number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    label = models.CharField(
        _("label"),
        max_length=50,
        blank=True,
        help_text=_("Printed in brackets after the number. Example: Old and new officers"),
    )
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)
    attendees = models.CharField(
        _("who attends"),
        max_length=50,
        blank=True,
        help_text=_("Printed before the numbers. Example: Officers of the association"),
    )
    organisations_present = models.PositiveIntegerField(
        _("organisations present"), null=True, blank=True, help_text=_("Leave empty if it is not known.")
    )
    people_present = models.PositiveIntegerField(
        _("people present"), null=True, blank=True, help_text=_("Leave empty if it is not known.")
    )
    secretariat_present = models.BooleanField(_("secretariat present"), null=True, blank=True)
    agenda = StreamField(LinesBlock, blank=True, verbose_name=_("agenda"))
    agenda_is_open = models.BooleanField(
        _("and others"), default=False, help_text=_("Prints “and others” after the last item of the agenda.")
    )
    decisions = StreamField(LinesBlock, blank=True, verbose_name=_("decisions"))
    minutes = RichTextField(_("minutes"), blank=True, features=TEXT_FEATURES)
    minutes_state = models.CharField(
        _("state of the minutes"),
        max_length=10,
        choices=MinutesState.choices,
        default=MinutesState.DRAFT,
        help_text=_("Only approved minutes are shown on the site."),
    )
    documents = StreamField(MaterialsBlock, blank=True, verbose_name=_("documents"))
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Where this comes from. Example: Activity report, FY2009")
    )

    objects: ClassVar[Any] = PageManager.from_queryset(MeetingQuerySet)()

    parent_page_types = ["pages.MeetingIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy = ["number", "published_number"]
    proposed_from = ("fiscal_year", "series", "number")
    address_word = "meeting"
    template = "pages/meeting_page.html"

    content_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("fiscal_year"), FieldPanel("series"), FieldPanel("number")]),
                FieldPanel("label"),
            ],
            heading=_("Which meeting"),
        ),
        FieldPanel("title"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("start"), FieldPanel("end")]), *VenueFields.venue_panels],
            heading=_("Date and place"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("attendees"),
                FieldRowPanel([FieldPanel("organisations_present"), FieldPanel("people_present")]),
                FieldPanel("secretariat_present"),
            ],
            heading=_("Attendance"),
        ),
        MultiFieldPanel([FieldPanel("agenda"), FieldPanel("agenda_is_open")], heading=_("Agenda")),
        FieldPanel("decisions"),
        MultiFieldPanel([FieldPanel("minutes_state"), FieldPanel("minutes")], heading=_("Minutes")),
        FieldPanel("documents"),
        MultiFieldPanel([FieldPanel("summary"), FieldPanel("body"), FieldPanel("source")], heading=_("Further text")),
    ]
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("agenda"),
        index.SearchField("decisions"),
        index.FilterField("fiscal_year"),
    ]

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "series", "published_number"],
                name="pages_meeting_number_once",
                violation_error_message=_("Another published meeting has this number in its fiscal year and series."),
            ),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")) | models.Q(start=None) | models.Q(end=None),
                name="pages_meeting_ends_after_start",
                violation_error_message=_("The meeting must end after it starts."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        self.published_number = self.number if self.live else None
        if self.start and self.end and self.end <= self.start:
            raise ValidationError({"end": gettext("The meeting must end after it starts.")})
        if self.start and self.fiscal_year and fiscal_year_of(self.start) != self.fiscal_year:
            year = FiscalYear.of(self.start).label
            message = gettext("The start lies in %(year)s. Change the fiscal year or the start.") % {"year": year}
            raise ValidationError({"fiscal_year": message})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Hold the number against others only while the page is live, also where nothing cleans it."""
        self.published_number = self.number if self.live else None
        super().save(*args, **kwargs)

    def check_publishable(self, values: Mapping[str, Any]) -> None:
        year, series, number = (values.get(name) for name in ("fiscal_year", "series", "number"))
        if not number:
            raise ValidationError({"number": gettext("Give the meeting its number before you publish it.")})
        others = MeetingPage.objects.exclude(pk=self.pk)
        other = others.filter(fiscal_year=year, series=series, published_number=number).first()
        if other:
            message = gettext("“%(title)s” has this number already. Choose another.") % {"title": other.title}
            raise ValidationError({"number": message}, code="unique")

    @classmethod
    def initial_values(cls, parent: Page) -> dict[str, Any]:
        """Continue from the last meeting of the main series: this fiscal year, next number, same place."""
        year = FiscalYear.current().year
        series = MeetingSeries.objects.first()
        earlier = cls.objects.child_of(parent).in_series(series)
        last = earlier.order_by("-fiscal_year", "-number").first()
        values: dict[str, Any] = {"fiscal_year": year, "series": series, "number": next_number(year, series)}
        if last:
            place = {name: getattr(last, name) for name in ("venue_city", "venue_building", "venue_room")}
            values |= {**place, "attendees": last.attendees, "secretariat_present": last.secretariat_present}
        return {**values, **cls.proposed(values)}

    @classmethod
    def proposed(cls, values: Mapping[str, Any], *, page_id: int | None = None) -> dict[str, str]:
        year, series, number = (values.get(name) for name in ("fiscal_year", "series", "number"))
        if not (year and series and number):
            return {}
        words = {"year": FiscalYear(year).japanese, "number": number, "series": series.name}
        slug = f"{FiscalYear(year).slug}-{number}"
        return {
            "title": "{year}第{number}回{series}".format(**words),
            "slug": slug if series.is_main else f"{series.slug}-{slug}",
        }

    @property
    def search_day(self) -> date | None:
        return timezone.localdate(self.start) if self.start else None

    def search_text(self) -> Iterable[str]:
        minutes = get_text_for_indexing(self.minutes) if self.minutes_state == MinutesState.APPROVED else ""
        return [self.series.name, self.label, self.venue, minutes, *super().search_text()]

    def stand_ins(self) -> dict[str, str]:
        if self.number:
            return super().stand_ins()
        year = FiscalYear(self.fiscal_year)
        begins = self._slug_without_number(year)
        slug = self.slug if self.slug.startswith(begins) else begins  # a second copy has officers-fy2010-2
        return {"title": self._title_without_number(year), "slug": slug}

    def _title_without_number(self, year: FiscalYear) -> str:
        return f"{year.japanese}{self.series.name}"

    def _slug_without_number(self, year: FiscalYear) -> str:
        return f"{self.series.slug}-{year.slug}"

    def next_year_values(self) -> dict[str, Any]:
        """Keep what is the same each year: series, label, place, agenda. What was of that day begins empty."""
        year = FiscalYear(self.fiscal_year).next
        identity = {
            "fiscal_year": year.year,
            "title": self._title_without_number(year),
            "slug": self._slug_without_number(year),
        }
        unknown = dict.fromkeys(("start", "end", "organisations_present", "people_present"))
        texts = {"minutes": "", "minutes_state": MinutesState.DRAFT, "summary": "", "source": ""}
        streams: dict[str, Any] = {name: [] for name in ("decisions", "documents", "body")}
        return {**identity, **unknown, **texts, **streams}

    @property
    def attendance(self) -> str:
        """Return 本会役員5団体5名、事務局, or 本会役員、事務局 uncounted; what is unknown is left out."""
        organisations, people = self.organisations_present, self.people_present
        parts = {
            "organisations": _counted(ORGANISATIONS, organisations),
            "people": _counted(PEOPLE, people),
            "secretariat": gettext("the secretariat") if self.secretariat_present else "",
        }
        present = parts["organisations"] or parts["people"]
        if parts["organisations"] and parts["people"]:
            present = gettext("%(organisations)s, %(people)s") % parts
        if present and self.attendees:
            present = gettext("%(attendees)s: %(present)s") % {"attendees": self.attendees, "present": present}
        present = present or self.attendees
        if present and parts["secretariat"]:
            return gettext("%(present)s and the secretariat") % {"present": present}
        return present or parts["secretariat"]

    @property
    def agenda_items(self) -> list[str]:
        """The items as they are printed: the last one says where there were more."""
        items = [child.value for child in self.agenda if child.block_type == "item"]
        if items and self.agenda_is_open:
            items[-1] = gettext("%(item)s and others") % {"item": items[-1]}
        return items

    @property
    def decision_items(self) -> list[str]:
        return [child.value for child in self.decisions if child.block_type == "item"]

    @property
    def shown_minutes(self) -> str:
        """The minutes once they are approved; nothing before."""
        return self.minutes if self.minutes_state == MinutesState.APPROVED else ""

    @property
    def shown_documents(self) -> list[Any]:
        return [child.value for child in self.documents if child.block_type == "document" and child.value]

    @cached_property
    def neighbours(self) -> dict[str, MeetingPage]:
        """The meetings of the same series just before and just after this one, in one query."""
        if self.start is None:
            return {}
        others = MeetingPage.objects.shown().in_series(self.series_id).exclude(pk=self.pk)
        before = others.filter(start__lt=self.start).order_by("-start").values("pk")[:1]
        after = others.filter(start__gt=self.start).order_by("start").values("pk")[:1]
        found = MeetingPage.objects.filter(models.Q(pk__in=before) | models.Q(pk__in=after))
        return {"next" if page.start > self.start else "previous": page for page in found}

    def calendar_entry(self, request: HttpRequest | None = None) -> CalendarEntry | None:
        """The meeting as calendars show it; None while its time is not known."""
        if self.start is None:
            return None
        return CalendarEntry(
            uid=stable_uid("meeting", self.translation_key),
            title=self.title,
            start=self.start,
            end=self.end,
            location=self.venue,
            url=self.get_full_url(request) or "",
            kind=str(self._meta.verbose_name),
            description=self.summary,
            updated_at=self.last_published_at,
        )

    @path("meeting.ics/")
    def ics(self, request: HttpRequest) -> HttpResponse:
        """Give this meeting to a calendar program."""
        return calendar_response([self.calendar_entry(request)], filename=f"{self.slug}.ics", name=self.title)


def next_number(year: int, series: MeetingSeries | None) -> int:
    """Return the number after the highest that any meeting, draft or live, has in the year and series."""
    meetings = MeetingPage.objects.in_fiscal_year(year).in_series(series)
    return (meetings.aggregate(highest=models.Max("number"))["highest"] or 0) + 1


class MeetingIndexPage(CalendarMixin, BodyPage):  # type: ignore[django-manager-missing]  # of a parental key
    """The meetings, grouped by fiscal year. The address says which year and which series are shown."""

    address_word = "meetings"
    template = "pages/meeting_index_page.html"
    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = ["pages.MeetingPage"]

    class Meta:
        verbose_name = _("meeting index")
        verbose_name_plural = _("meeting indexes")

    @property
    def meetings(self) -> MeetingQuerySet:
        """The meetings below this page that a visitor may see, the latest first."""
        return MeetingPage.objects.child_of(self).shown().select_related("series").latest_first()

    def calendar_entries(self, request: HttpRequest) -> Iterable[CalendarEntry | None]:
        return [meeting.calendar_entry(request) for meeting in self.meetings]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        meetings = list(self.meetings)
        chosen = MeetingFilter.read(request.GET, meetings)
        return {**context, "filter": chosen, "groups": by_fiscal_year(chosen.apply(meetings))}


@dataclass(frozen=True)
class MeetingFilter:
    """What the index is narrowed to, and what it can be narrowed to."""

    years: list[FiscalYear]
    all_series: list[MeetingSeries]
    year: FiscalYear | None = None
    series: MeetingSeries | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], meetings: Iterable[MeetingPage]) -> MeetingFilter:
        """Read ?fy=2009&series=officers. What does not exist is ignored."""
        years = sorted({FiscalYear(meeting.fiscal_year) for meeting in meetings}, reverse=True)
        series = sorted({meeting.series for meeting in meetings}, key=lambda one: (not one.is_main, one.name))
        return cls(
            years=years,
            all_series=series,
            year=next((year for year in years if str(year.year) == query.get("fy")), None),
            series=next((one for one in series if one.slug == query.get("series")), None),
        )

    @property
    def is_set(self) -> bool:
        return self.year is not None or self.series is not None

    def apply(self, meetings: Iterable[MeetingPage]) -> list[MeetingPage]:
        return [
            meeting
            for meeting in meetings
            if (self.year is None or meeting.fiscal_year == self.year.year)
            and (self.series is None or meeting.series == self.series)
        ]


def by_fiscal_year(meetings: Iterable[MeetingPage]) -> list[tuple[FiscalYear, list[MeetingPage]]]:
    """Group meetings that are in the order of their fiscal years."""
    groups = groupby(meetings, key=lambda meeting: meeting.fiscal_year)
    return [(FiscalYear(year), list(group)) for year, group in groups]
