"""The demo's seminars: the document's facts, value by value, and as the page prints them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from cms.calendar import TOKYO
from cms.media import demo as media_demo
from cms.pages import demo as pages_demo
from cms.pages.models import HomePage
from cms.plugin_api.points import DemoContext
from plugins.seminars import demo
from plugins.seminars.models import SeminarPage

pytestmark = pytest.mark.django_db
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def load() -> list[str]:
    said: list[str] = []
    media_demo.load(DemoContext(fixtures=FIXTURES, report=said.append, home=Page.get_first_root_node()))
    pages_demo.load(DemoContext(fixtures=FIXTURES, report=said.append, home=Page.get_first_root_node()))
    said.clear()
    demo.load(DemoContext(fixtures=FIXTURES, report=said.append, home=HomePage.objects.get()))
    return said


def facts() -> list[dict[str, Any]]:
    return yaml.safe_load((FIXTURES / "facts-fy2009.yaml").read_text(encoding="utf-8"))["seminars"]


def moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=TOKYO)


def said_of(values: dict[str, Any]) -> dict[str, Any]:
    """Drop what is empty: the facts file leaves out what the document does not say."""
    return {name: value for name, value in values.items() if value}


def occurrence_as_fact(occurrence: Any, *, several: bool) -> dict[str, Any]:
    venue = {
        "city": occurrence.venue_city,
        "building": occurrence.venue_building,
        "room": occurrence.venue_room,
    }
    key = occurrence.venue_city if several else ""
    return said_of({"key": key, "start": occurrence.start, "end": occurrence.end, "venue": said_of(venue)})


def talk_as_fact(talk: Any, cities: dict[str, str]) -> dict[str, Any]:
    (speaker,) = talk["speakers"]
    named = {name: speaker[name] for name in ("name", "honorific", "affiliation", "post", "organisation")}
    kind = str(talk.kind_label) if talk["kind"] else ""
    at = [cities[str(key)] for key in talk["at"]]
    return said_of({"kind": kind, "title": talk["title"], "at": at, "speaker": said_of(named)})


def as_fact(page: SeminarPage) -> dict[str, Any]:
    """A seminar in the shape of the facts file, as far as the file says it in a field of its own."""
    occurrences = list(page.occurrences.all())
    cities = {str(occurrence.key): occurrence.venue_city for occurrence in occurrences}
    sessions = {session.label: session.attendance for row in occurrences for session in row.sessions.all()}
    found = {
        "name": page.title,
        "label": page.label,
        "theme": page.theme,
        "note": page.note,
        "co_host": next(
            host.value["name"] for host in page.hosts if host.value["name"] != "全国市町村情報管理主管課長会"
        ),
        "occurrences": [occurrence_as_fact(row, several=len(occurrences) > 1) for row in occurrences],
        "talks": [talk_as_fact(talk.value, cities) for talk in page.programme],
    }
    attendance = said_of({"total": page.attendance_total, **sessions})
    return {**said_of(found), "attendance": attendance or None}


def test_every_seminar_is_as_the_facts_say() -> None:
    load()

    found = [as_fact(page) for page in SeminarPage.objects.order_by("pk")]

    expected = facts()
    for seminar in expected:
        seminar.pop("decided_by", None)  # a number there, a link to the meeting here; tested below
        for occurrence in seminar["occurrences"]:
            occurrence["start"], occurrence["end"] = moment(occurrence["start"]), moment(occurrence["end"])
    assert found == expected


def test_the_seminar_leads_to_the_meeting_that_decided_it_and_back(client: Client) -> None:
    load()
    seminar = SeminarPage.objects.get(slug="fy2009-outsourcing")

    assert (seminar.decided_by.number, seminar.decided_by.label) == (2, "新旧役員会")
    assert seminar.decided_by.url in client.get(seminar.url).content.decode()
    assert seminar.url in client.get(seminar.decided_by.url).content.decode()


def test_the_page_prints_what_the_document_prints(client: Client) -> None:
    load()

    topics = client.get("/seminars/fy2009-topics/").content.decode()
    outsourcing = client.get("/seminars/fy2009-outsourcing/").content.decode()

    for words in (
        "平成21年9月29日（火）10:10～14:40",
        "東京ビッグサイト",
        "西1ホール",
        "250名",
        "133名",
        "117名",
        "矢野 友哉",
        "氏",
    ):
        assert words in topics
    for words in (
        "平成22年2月9日（火）",
        "平成22年2月10日（水）",
        "平成22年2月23日（火）",
        "13:30～17:00",
        "KKRホテル東京",
        "自治体クラウド",
    ):
        assert words in outsourcing
    assert "参加者" not in outsourcing


def test_a_second_run_leaves_what_a_person_changed() -> None:
    assert load() != []
    page = SeminarPage.objects.get(slug="fy2009-topics")
    page.title = "変えた題名"
    page.save()

    assert load() == []
    assert SeminarPage.objects.filter(title="変えた題名").exists()
