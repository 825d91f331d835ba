"""The demo's pages: the document's facts, exactly; loaded once; nothing of a person's undone."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from wagtail.models import Page, PageLogEntry, Site

from cms.calendar import TOKYO
from cms.media import demo as media_demo
from cms.pages import demo
from cms.pages.models import HomePage, MeetingPage, SectionPage
from cms.plugin_api.points import DemoContext

pytestmark = pytest.mark.django_db
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def load() -> list[str]:
    said: list[str] = []
    context = DemoContext(fixtures=FIXTURES, report=said.append, home=Page.objects.get(depth=1))
    media_demo.load(context)
    demo.load(context)
    return said


def facts() -> dict[str, Any]:
    return yaml.safe_load((FIXTURES / "facts-fy2009.yaml").read_text(encoding="utf-8"))


def as_fact(page: MeetingPage) -> dict[str, Any]:
    """A meeting in the shape of the facts file."""
    agenda = "、".join(child.value for child in page.agenda) if page.number == 3 else None
    items = [child.value for child in page.agenda]
    items[-1] += {3: "等"}.get(page.number, " 等") if page.agenda_is_open else ""
    found = {
        "number": page.number,
        "start": page.start,
        "end": page.end,
        "venue": {"city": page.venue_city, "building": page.venue_building, "room": page.venue_room},
        "attendance": {
            "organisations": page.organisations_present,
            "people": page.people_present,
            "secretariat": page.secretariat_present,
        },
        "agenda": [f"{agenda}等"] if agenda else items,
    }
    if page.label:
        found["kind"] = page.label
    if page.decisions:
        found["decisions"] = [child.value for child in page.decisions]
    return found


def test_every_meeting_is_as_the_facts_say() -> None:
    load()

    found = [as_fact(page) for page in MeetingPage.objects.order_by("number")]

    expected = facts()["officer_meetings"]
    for meeting in expected:
        meeting["start"] = datetime.fromisoformat(str(meeting["start"])).replace(tzinfo=TOKYO)
        meeting["end"] = datetime.fromisoformat(str(meeting["end"])).replace(tzinfo=TOKYO)
    assert found == expected
    assert {page.attendees for page in MeetingPage.objects.all()} == {"本会役員"}


def test_a_second_run_changes_nothing_of_a_persons() -> None:
    load()
    page = MeetingPage.objects.get(number=1)
    page.title = "変えた題名"
    page.save()
    MeetingPage.objects.get(number=2).delete()

    said = load()

    assert said == []
    assert MeetingPage.objects.get(number=1).title == "変えた題名"
    assert not MeetingPage.objects.filter(number=2).exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "全国市町村情報管理主管課長会"),
        ("/meetings/", "平成21年度第2回役員会"),
        ("/meetings/fy2009-1/", "平成21年6月9日（火）11:45～13:00"),
        ("/meetings/fy2009-1/", "東京・全国町村議員会館 7階 特別会議室"),
        ("/meetings/fy2009-1/", "5団体5名、事務局"),
        ("/meetings/fy2009-1/", "平成21年度事業実施 等"),
        ("/meetings/fy2009-2/", "平成22年2月に「自治体クラウド」をテーマにセミナーを開催する"),
        ("/news/", "平成22年度事業計画（案）を掲載しました"),
        ("/documents/", "平成22年度事業計画（案）"),
        ("/documents/plan-fy2010/", "（開催予定）"),
        ("/documents/plan-fy2010/", "第2回 福岡市（2～3月開催予定）"),
        ("/faq/", "英語で表示できますか。"),
        ("/about/", "1,238"),
        ("/about/", 'type="image/avif"'),
        ("/accessibility/", "JIS X 8341-3:2016"),
    ],
)
def test_the_addresses_answer(client: Client, address: str, words: str) -> None:
    load()

    assert words in client.get(address).content.decode()


def test_the_welcome_page_of_wagtail_is_gone() -> None:
    load()

    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()
    assert list(Page.objects.filter(depth=2)) == [HomePage.objects.get().page_ptr]
    assert not PageLogEntry.objects.filter(action="wagtail.delete").exists()


def test_every_published_page_has_its_revision() -> None:
    load()

    assert SectionPage.objects.filter(latest_revision=None).count() == 0
