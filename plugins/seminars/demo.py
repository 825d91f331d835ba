"""Loads the seminars of the association's FY2009. What is there already is left alone."""

from datetime import datetime
from typing import Any

import yaml
from django.db import transaction
from wagtail.models import Page

from cms.calendar import TOKYO
from cms.pages.models import MeetingPage
from cms.plugin_api.points import DemoContext

from .enums import AttendanceMeaning
from .models import Occurrence, SeminarIndexPage, SeminarPage, Session

INDEX_SLUG = "seminars"


@transaction.atomic
def load(context: DemoContext) -> None:
    """Make the index and each seminar of `seminars.yaml` that has never been made."""
    content = yaml.safe_load((context.fixtures / "seminars.yaml").read_text(encoding="utf-8"))
    index = SeminarIndexPage.objects.first()
    if index is not None:
        return
    index = _publish(context.home, SeminarIndexPage(title="セミナー", slug=INDEX_SLUG, show_in_menus=True))
    for entry in content["seminars"]:
        _publish(index, _seminar(entry, source=content["source"]))
    context.report(f"{len(content['seminars'])} seminars")


def _publish(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision(log_action=False).publish(log_action=False)
    return page


def _seminar(entry: dict[str, Any], *, source: str) -> SeminarPage:
    attendance = entry.get("attendance", {})
    occurrences = [_occurrence(order, given) for order, given in enumerate(entry["occurrences"])]
    keys = {given["key"]: str(row.key) for given, row in zip(entry["occurrences"], occurrences, strict=True)}
    return SeminarPage(
        title=entry["title"],
        slug=entry["slug"],
        fiscal_year=entry["fiscal_year"],
        label=entry.get("label", ""),
        theme=entry.get("theme", ""),
        note=entry.get("note", ""),
        source=source,
        decided_by=_meeting(entry.get("decided_by")),
        attendance_total=attendance.get("total"),
        attendance_meaning=attendance.get("meaning", AttendanceMeaning.CUMULATIVE),
        hosts=[("host", host) for host in entry["hosts"]],
        occurrences=occurrences,  # type: ignore[misc]  # a parental relation, which modelcluster takes
        programme=[("talk", _talk(talk, keys)) for talk in entry["talks"]],
    )


def _meeting(named: dict[str, Any] | None) -> MeetingPage | None:
    if named is None:
        return None
    return MeetingPage.objects.get(
        series__name=named["series"], fiscal_year=named["fiscal_year"], number=named["number"]
    )


def _occurrence(order: int, given: dict[str, Any]) -> Occurrence:
    venue = given["venue"]
    sessions = [
        Session(sort_order=place, label=session["label"], attendance=session["attendance"])
        for place, session in enumerate(given.get("sessions", []))
    ]
    return Occurrence(
        sort_order=order,
        start=_moment(given["start"]),
        end=_moment(given["end"]),
        venue_city=venue["city"],
        venue_building=venue["building"],
        venue_room=venue.get("room", ""),
        sessions=sessions,  # type: ignore[misc]  # likewise
    )


def _talk(given: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    blank = {"name": "", "honorific": "", "affiliation": "", "post": "", "organisation": ""}
    return {
        "kind": given.get("kind", ""),
        "title": given.get("title", ""),
        "at": [keys[name] for name in given.get("at", [])],
        "speakers": [{**blank, **speaker} for speaker in given["speakers"]],
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)
