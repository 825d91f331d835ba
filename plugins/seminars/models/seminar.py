"""The seminar page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms.calendar import FiscalYear, fiscal_year_of, now, today
from cms.calendar.ics import stable_uid
from cms.pages.blocks import MaterialsBlock
from cms.pages.fields import StreamField
from cms.pages.models import BodyPage, CalendarMixin, MeetingPage, VenueFields
from cms.plugin_api.points import CalendarEntry
from plugins.seminars.blocks import HostBlock, TalkBlock, TalkValue
from plugins.seminars.enums import AttendanceMeaning, HostRole
from plugins.seminars.panels import KeyInput, KeyPanel, SeminarPageForm
from plugins.seminars.querysets import SeminarPageQuerySet

from .occurrences import Occurrence, Session


def current_fiscal_year() -> int:
    """Prefill a new seminar."""
    return fiscal_year_of(today())


@dataclass(frozen=True)
class ProgrammeAt:
    """What is given at one occurrence."""

    occurrence: Occurrence
    sessions: Sequence[Session]
    talks: Sequence[TalkValue]

    @property
    def timed_sessions(self) -> list[Session]:
        """The sessions of which the time is known."""
        return [session for session in self.sessions if session.start]


class SeminarPage(CalendarMixin, BodyPage):  # type: ignore[django-manager-missing]  # of a parental key
    """A seminar: one theme and programme, held once or in several cities."""

    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"),
        default=current_fiscal_year,
        help_text=_("The Western year in which it begins. Example: 2009 for 平成21年度"),
    )
    label = models.CharField(
        pgettext_lazy("seminar", "label"),
        max_length=50,
        blank=True,
        help_text=_("A short mark before the title. Example: 本会セミナー"),
    )
    theme = models.CharField(_("theme"), max_length=200, blank=True, help_text=_("Example: 自治体クラウド"))
    hosts = StreamField([("host", HostBlock())], blank=True, verbose_name=_("hosts and co-hosts"))
    programme = StreamField([("talk", TalkBlock())], blank=True, verbose_name=_("programme"))
    attendance_total = models.PositiveIntegerField(
        _("attendance in total"),
        null=True,
        blank=True,
        help_text=_("Leave empty while nobody has counted; 0 means counted: nobody."),
    )
    attendance_meaning = models.CharField(
        _("what the total counts"),
        max_length=10,
        choices=AttendanceMeaning.choices,
        default=AttendanceMeaning.CUMULATIVE,
    )
    decided_by = models.ForeignKey(
        "pages.MeetingPage",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The meeting that decided to hold it."),
    )
    held_with = models.ForeignKey(
        "pages.MeetingPage",
        verbose_name=_("held together with"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The meeting on the same occasion (同時開催)."),
    )
    documents = StreamField(MaterialsBlock, blank=True, verbose_name=_("materials"))
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("Where this comes from. Example: 平成21年度事業実施について"),
    )
    note = models.CharField(_("note"), max_length=255, blank=True, help_text=_("Example: 平成20年度同様"))

    objects: ClassVar[Any] = PageManager.from_queryset(SeminarPageQuerySet)()
    base_form_class = SeminarPageForm
    parent_page_types = ["seminars.SeminarIndexPage"]
    proposed_from = ("fiscal_year",)
    subpage_types: list[str] = []
    address_word = "seminar"
    template = "seminars/seminar_page.html"

    content_panels = [
        FieldPanel("title"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("fiscal_year"), FieldPanel("label")]),
                FieldPanel("theme"),
                FieldPanel("hosts"),
            ],
            heading=_("What it is"),
        ),
        InlinePanel(
            "occurrences",
            heading=_("Occurrences"),
            label=_("Occurrence"),
            help_text=_("One for each day and place, such as 東京開催. Its parts, such as 午前の部, go inside."),
            panels=[
                KeyPanel("key", widget=KeyInput, classname="w-hidden"),
                FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
                *VenueFields.venue_panels,
                FieldPanel("attendance"),
                InlinePanel(
                    "sessions",
                    heading=pgettext_lazy("seminar", "Sessions"),
                    label=_("Session"),
                    panels=[
                        KeyPanel("key", widget=KeyInput, classname="w-hidden"),
                        FieldRowPanel([FieldPanel("label"), FieldPanel("attendance")]),
                        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
                    ],
                ),
            ],
        ),
        FieldPanel("programme", help_text=_("The talks in their order. Each says at which occurrences it is given.")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("attendance_total"), FieldPanel("attendance_meaning")])],
            heading=pgettext_lazy("seminar", "Attendance"),
        ),
        FieldPanel("documents"),
        MultiFieldPanel(
            [
                PageChooserPanel("decided_by", "pages.MeetingPage"),
                PageChooserPanel("held_with", "pages.MeetingPage"),
            ],
            heading=_("Meetings that it belongs to"),
        ),
        MultiFieldPanel(
            [FieldPanel("note"), FieldPanel("summary"), FieldPanel("body"), FieldPanel("source")],
            heading=_("Further text"),
        ),
    ]
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("theme"),
        index.SearchField("label"),
        index.SearchField("programme"),
        index.SearchField("hosts"),
        index.FilterField("fiscal_year"),
        index.RelatedFields("occurrences", [index.SearchField("venue_city"), index.SearchField("venue_building")]),
    ]

    class Meta:
        verbose_name = _("seminar")
        verbose_name_plural = _("seminars")

    @classmethod
    def initial_values(cls, parent: Page) -> dict[str, Any]:
        """Begin with the association as host, and a free address."""
        site = parent.get_site()
        name = site.site_name if site else ""
        hosts = [{"type": "host", "value": {"name": name, "role": HostRole.HOST.value}}] if name else []
        slug = cls.proposed({"fiscal_year": current_fiscal_year()})
        return {"hosts": cls.hosts.field.to_python(hosts), **slug}

    @classmethod
    def proposed(cls, values: Mapping[str, Any], *, page_id: int | None = None) -> dict[str, str]:
        """Propose fy2009-seminar-1, or the next number that is free."""
        year = values.get("fiscal_year")
        if not year:
            return {}
        stem = f"{FiscalYear(year).slug}-seminar-"
        others = cls.objects.exclude(pk=page_id).filter(slug__startswith=stem)
        taken = set(others.values_list("slug", flat=True))
        return {"slug": next(slug for number in count(1) if (slug := f"{stem}{number}") not in taken)}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give the template the programme by city, and the meetings that visitors may see."""
        named = {self.decided_by_id, self.held_with_id} - {None}
        meetings = MeetingPage.objects.shown().in_bulk(named) if named else {}
        return {
            **super().get_context(request, *args, **kwargs),
            "programme": self.programme_by_occurrence,
            "decided_by": meetings.get(self.decided_by_id),
            "held_with": meetings.get(self.held_with_id),
        }

    @cached_property
    def held(self) -> list[Occurrence]:
        """The occurrences in the order of their dates."""
        return sorted(self.occurrences.all(), key=lambda occurrence: occurrence.start)

    @cached_property
    def programme_by_occurrence(self) -> list[ProgrammeAt]:
        """Each occurrence with its sessions and the talks that are given there: one query, none for a draft."""
        return [
            ProgrammeAt(
                occurrence=occurrence,
                sessions=sessions,
                talks=[talk for talk in self.talks if talk.is_given_at(occurrence.key)],
            )
            for occurrence, sessions in sorted(self._occurrences_and_sessions(), key=lambda pair: pair[0].start)
        ]

    def _occurrences_and_sessions(self) -> list[tuple[Occurrence, list[Session]]]:
        rows = self.occurrences.all()
        if not isinstance(rows, models.QuerySet):
            # A draft holds its rows in memory.
            return [(occurrence, list(occurrence.sessions.all())) for occurrence in rows]
        found: dict[int, tuple[Occurrence, list[Session]]] = {}
        for row in rows.joined_with_sessions():
            _occurrence, sessions = found.setdefault(row.pk, (row, []))
            if row.session_id is not None:
                sessions.append(Session.joined_to(row))
        return list(found.values())

    @property
    def talks(self) -> list[TalkValue]:
        """All talks in their order, whatever their occurrences."""
        return [child.value for child in self.programme if child.block_type == "talk"]

    @property
    def materials(self) -> list[Any]:
        """The documents that are handed out, without those that were deleted since."""
        return [child.value for child in self.documents if child.block_type == "document" and child.value]

    @property
    def hosts_by_role(self) -> list[tuple[str, list[str]]]:
        """Hosts in the order of the record, those of one role together: (共催, [本会, センター])."""
        hosts = [child.value for child in self.hosts if child.block_type == "host"]
        order = list(HostRole)
        hosts.sort(key=lambda host: order.index(HostRole(host["role"])))
        return [
            (label, [host["name"] for host in group]) for label, group in groupby(hosts, lambda host: host.role_label)
        ]

    @property
    def attendance_parts(self) -> list[tuple[str, int]]:
        """What was counted for each session or occurrence; nothing for what nobody counted."""
        several = len(self.programme_by_occurrence) > 1
        parts: list[tuple[str, int | None]] = []
        for at in self.programme_by_occurrence:
            place = at.occurrence.label if several else ""
            parts.append((place, at.occurrence.attendance))
            parts += [(f"{place} {session.label}".strip(), session.attendance) for session in at.sessions]
        return [(label, number) for label, number in parts if number is not None and label]

    @property
    def has_attendance(self) -> bool:
        """Say whether anything was counted."""
        return self.attendance_total is not None or bool(self.attendance_parts)

    @property
    def counts_people_once(self) -> bool:
        """Say whether the total is no sum of the parts that are printed below it, which is what readers expect."""
        return self.attendance_meaning == AttendanceMeaning.UNIQUE and bool(self.attendance_parts)

    @property
    def is_upcoming(self) -> bool:
        """Say whether something of it is still to come."""
        return not self.held or any((occurrence.end or occurrence.start) >= now() for occurrence in self.held)

    def calendar_entries(self, request: HttpRequest | None = None) -> list[CalendarEntry]:
        """One entry an occurrence."""
        several = len(self.held) > 1
        return [self.calendar_entry(occurrence, several=several, request=request) for occurrence in self.held]

    def calendar_entry(
        self, occurrence: Occurrence, *, several: bool, request: HttpRequest | None = None
    ) -> CalendarEntry:
        """Describe an occurrence for calendars, with its city if it is one of several.

        Its UID survives every edit, and differs in a copy of the page.
        """
        return CalendarEntry(
            uid=stable_uid("seminar", self.translation_key, occurrence.key),
            title=f"{self.title}（{occurrence.label}）" if several and occurrence.label else self.title,
            start=occurrence.start,
            end=occurrence.end,
            location=occurrence.venue,
            url=self.get_full_url(request) or "",
            kind=str(self._meta.verbose_name),
            description=self.theme,
            updated_at=self.last_published_at,
        )
