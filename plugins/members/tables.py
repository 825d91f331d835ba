"""Columns of the admin's listings, built from Wagtail's own, and what is exported of the register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn

from cms.accounts.models import Affiliation, Organisation
from cms.calendar import at_tokyo, format_date, today

from .enums import Arrival, ImportKind, LineState, RosterAnswer, Silence, Standing

TO_ENTER = "to_enter"
"""The filter's value for changes that are not in the register yet."""


def register_columns() -> list[Column]:
    """Return the columns of the register."""
    return [
        TitleColumn("name", label=_("Organisation"), get_url=organisation_url, sort_key="name"),
        Column("code", label=_("municipal code"), sort_key="code", width="10%"),
        Column("get_kind_display", label=_("kind"), sort_key="kind", width="10%"),
        Column("get_prefecture_display", label=_("prefecture"), sort_key="prefecture", width="10%"),
        StatusTagColumn("standing", label=_("Standing"), accessor=standing_of, primary=is_member, width="12%"),
        Column("member_since", label=_("Member since"), accessor=member_since, sort_key="member_since", width="14%"),
        Column("in_charge", label=_("In charge"), accessor=in_charge, width="10%"),
        Column("telephone", label=_("telephone"), width="12%"),
    ]


def people_columns() -> list[Column]:
    """Return the columns of the people on seats."""
    return [
        TitleColumn("person", label=pgettext_lazy("person", "Name"), accessor="person.display_name", get_url=seat_url),
        Column("organisation", label=_("Organisation"), sort_key="organisation__code"),
        Column("role", label=_("Seat"), accessor=seat_of, sort_key="seat__role", width="12%"),
        Column("starts_on", label=_("In charge from"), accessor=lambda row: day(row.starts_on), sort_key="starts_on"),
        StatusTagColumn("arrival", label=_("Account"), accessor=arrival_of, primary=has_come, sort_key="arrival"),
        DateColumn("invited_at", label=_("Invited"), sort_key="invited_at"),
        Column("expires_at", label=_("Runs out"), accessor=last_day_of, sort_key="expires_at"),
        Column("username", label=_("login ID"), accessor="person.username", width="10%"),
    ]


class FigureColumn(TitleColumn):
    """A number of answers of a round, which opens them."""

    def __init__(self, name: str, label: Any, answer: str = "") -> None:
        super().__init__(name, label=label, get_url=lambda row: entries_url(row, answer))


def roster_columns() -> list[Column]:
    """Return the columns of the roster confirmations: every figure opens what it counts."""
    return [
        TitleColumn("title", label=_("Title"), get_url=entries_url),
        Column("deadline", label=_("Deadline"), accessor=lambda row: day(row.deadline)),
        FigureColumn("total", _("Asked")),
        FigureColumn(RosterAnswer.UNCHANGED.value, RosterAnswer.UNCHANGED.label, RosterAnswer.UNCHANGED),
        FigureColumn(RosterAnswer.CHANGED.value, RosterAnswer.CHANGED.label, RosterAnswer.CHANGED),
        FigureColumn("outstanding", Silence.OUTSTANDING.label, Silence.OUTSTANDING),
        FigureColumn("gone", Silence.GONE.label, Silence.GONE),
        TitleColumn(
            "remind",
            label=_("Remind"),
            accessor=lambda _row: _("Remind"),
            get_url=lambda row: reverse("members_admin:roster_remind", args=[row.pk]),
        ),
    ]


def roster_entry_columns() -> list[Column]:
    """Return the columns of the answers; who is silent is telephoned."""
    return [
        TitleColumn(
            "organisation",
            label=_("Organisation"),
            get_url=lambda row: reverse("members_admin:roster_record", args=[row.pk]),
        ),
        Column("round", label=_("Roster confirmation")),
        Column("telephone", label=_("telephone"), accessor="organisation.telephone"),
        Column("answer", label=_("Answer"), accessor="answer_words"),
        Column("note", label=_("What changes")),
        Column("answered_by_name", label=_("answered by")),
        DateColumn("answered_at", label=_("answered at")),
        Column("times_asked", label=_("times asked")),
        DateColumn("asked_at", label=_("asked at")),
        TitleColumn(
            "entered",
            label=_("In the register"),
            accessor=entered_words,
            get_url=lambda row: reverse("members_admin:roster_entered", args=[row.pk]) if row.is_to_enter else None,
        ),
    ]


def entered_words(entry: Any) -> str:
    """Say whether what changes has been entered, and by whom."""
    return str(_("To be entered")) if entry.is_to_enter else entry.entered_by_name or "－"


def last_day_of(row: Any) -> str:
    """Return the day on which an invitation runs out; a moment to come has no age to be told by."""
    return day(at_tokyo(row.expires_at).date()) if row.expires_at else ""


class DetailsColumn(Column):
    """What is wrong with a row of a file, or what changes from what to what."""

    cell_template_name = "members/cells/details.html"


def line_columns() -> list[Column]:
    """Return the columns of the preview of a file."""
    return [
        Column("number", label=_("Line"), width="7%"),
        StatusTagColumn("state", label=_("What happens"), accessor="state.label", primary=is_right, width="14%"),
        Column("name", label=_("Row"), width="25%"),
        DetailsColumn("details", label=_("Details"), accessor=lambda line: line),
    ]


def absent_columns(kind: ImportKind) -> list[Column]:
    """Return the columns of what the register holds and a file doesn't name."""
    columns = [
        Column("code", label=_("municipal code"), width="12%"),
        Column("organisation", label=_("Organisation")),
    ]
    if kind == ImportKind.ORGANISATIONS:
        return columns
    return [
        *columns,
        Column("seat", label=_("Seat")),
        Column("person", label=pgettext_lazy("person", "Name")),
        Column("is_elsewhere", label=_("Organisation in the file"), accessor=is_named_in_file),
    ]


def is_named_in_file(absent: Any) -> str:
    """Say whether the file has a row of the organisation at all."""
    here = pgettext_lazy("organisation in the file", "yes")
    return str(pgettext_lazy("organisation in the file", "no") if absent.is_elsewhere else here)


def is_right(line: Any) -> bool:
    """Whether the tag is printed as the usual case."""
    return bool(line.state != LineState.ERROR)


def membership_columns(*, may_correct: bool) -> list[Column]:
    """Return the columns of the memberships of one organisation."""
    return [
        TitleColumn(
            "starts_on",
            label=pgettext_lazy("first day", "From"),
            accessor=lambda row: day(row.starts_on),
            get_url=lambda row: reverse("members_memberships:edit", args=[row.pk]) if may_correct else None,
        ),
        Column("get_join_reason_display", label=_("How it began")),
        Column("ends_on", label=_("Until before"), accessor=lambda row: day(row.ends_on)),
        Column("get_leave_reason_display", label=_("Why it ended")),
        Column("note", label=pgettext_lazy("remark", "Note")),
    ]


class SeatActionColumn(Column):
    """What can be done with a seat today."""

    cell_template_name = "members/cells/seat_action.html"


def affiliation_columns(*, may_correct: bool) -> list[Column]:
    """Return the columns of who sits and sat on the seats of one organisation."""
    columns = [
        Column("seat", label=_("Seat"), accessor="seat.name"),
        Column("person", label=pgettext_lazy("person", "Name"), accessor=person_of),
        Column("starts_on", label=pgettext_lazy("first day", "From"), accessor=lambda row: day(row.starts_on)),
        Column("ends_on", label=pgettext_lazy("seat", "Until before"), accessor=lambda row: day(row.ends_on)),
    ]
    action = SeatActionColumn("action", label=pgettext_lazy("column", "Action"), accessor=seat_action)
    return [*columns, action] if may_correct else columns


def person_of(affiliation: Affiliation) -> str:
    """Return the name, and that the account is closed where it is."""
    person = affiliation.person
    return person.display_name if person.is_active else str(_("%(person)s (account closed)") % {"person": person})


def seat_action(affiliation: Affiliation) -> tuple[str, str] | None:
    """Return label and address of what can be done with the seat; None where there is nothing."""
    if affiliation.is_active_on(today()) and affiliation.ends_on is None:
        return str(_("Hand the seat over")), reverse("members_admin:hand_over", args=[affiliation.seat_id])
    if affiliation.ends_on is not None and affiliation.ends_on > today():
        return str(_("Cancel the hand-over")), reverse("members_admin:cancel_handover", args=[affiliation.seat_id])
    return None


def entries_url(roster: Any, answer: str = "") -> str:
    """Return the list of the answers of a round."""
    return f"{reverse('members_roster_entries:index')}?round={roster.pk}{f'&answer={answer}' if answer else ''}"


def seat_url(affiliation: Affiliation) -> str:
    """Return the admin's page on the organisation where the person sits; its history is there."""
    return reverse("members_admin:organisation", args=[affiliation.organisation_id])


def seat_of(affiliation: Affiliation) -> str:
    """Return role and note of the seat, without the organisation."""
    seat = affiliation.seat
    return f"{seat.get_role_display()}{f'（{seat.label}）' if seat.label else ''}"


def arrival_of(affiliation: Any) -> str:
    """Return how far the person has come, in words."""
    return str(Arrival(affiliation.arrival).label)


def has_come(affiliation: Any) -> bool:
    """Whether the tag is printed as the usual case."""
    return bool(affiliation.arrival == Arrival.ACCEPTED)


def organisation_url(organisation: Organisation) -> str:
    """Return the admin's page on an organisation of the register."""
    return reverse("members_admin:organisation", args=[organisation.pk])


def standing_of(organisation: Any) -> str:
    """Return what the organisation is to the association, in words."""
    return str(Standing(organisation.standing).label)


def member_since(organisation: Any) -> str:
    """Return the first day of the membership, as the site writes it."""
    return day(organisation.member_since)


def in_charge(organisation: Any) -> str:
    """Say where nobody is in charge."""
    return str(_("Nobody in charge")) if organisation.is_unmanned else ""


def is_member(organisation: Any) -> bool:
    """Whether the tag is printed as the usual case."""
    return bool(organisation.standing == Standing.MEMBER)


def day(value: dt.date | None) -> str:
    """Write a day as the site does; nothing for nothing."""
    return format_date(value, weekday=False) if value else ""


class KeptWordsColumn(Column):
    """Shows what was written in the language of the site, and says so to who reads another."""

    cell_template_name = "members/cells/kept_words.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        return {**super().get_cell_context_data(instance, parent_context), "language": settings.LANGUAGE_CODE}
