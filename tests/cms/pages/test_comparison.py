"""What editors see where two revisions of a body are compared, on the screen and on the sheet for approval."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from cms.calendar import TOKYO
from cms.media.models import SiteImage
from cms.pages.blocks import diff_words
from tests.cms.media.test_uploads import png
from tests.factories.accounts import UserFactory
from tests.factories.pages import MeetingIndexPageFactory, MeetingPageFactory, SectionPageFactory, home_page

pytestmark = pytest.mark.django_db


def table(*rows: list[str], caption: str = "会員数") -> dict[str, Any]:
    return {"data": list(rows), "table_caption": caption, "table_header_choice": "row"}


def compared(client: Client, before: list[Any], after: list[Any]) -> str:
    """Publish one body, draft another and return what the comparison shows of it."""
    page = SectionPageFactory(parent=home_page(), body=before)
    page.save_revision().publish()
    ids = [child.id for child in page.body]
    page.body = after
    for child, known in zip(page.body, ids, strict=False):
        child.id = known
    page.save_revision()
    client.force_login(UserFactory(is_superuser=True))
    text = client.get(f"/admin/pages/{page.pk}/revisions/compare/live...latest/").content.decode()
    return text.partition("comparison")[2]


def test_table_is_a_table_with_the_rows_that_changed(client: Client) -> None:
    before = table(["区分", "団体数"], ["市", "691"], ["村", "92"])
    after = table(["区分", "団体数"], ["市", "<692>"], ["村", "92"], caption="会員の数")

    text = compared(client, [("table", before)], [("table", after)])

    assert "table_caption" not in text
    assert "<tr><td>区分</td><td>団体数</td></tr>" in text
    assert '<td><span class="deletion">691</span></td>' in text
    assert '<td><span class="addition">&lt;692&gt;</span></td>' in text
    assert "<tr><td>村</td><td>92</td></tr>" in text
    assert "addition" in text.split("<caption>")[1].split("</caption>")[0]


def test_new_table_is_a_table(client: Client) -> None:
    text = compared(client, [], [("table", table(["市", None], ["村", "92"]))])

    assert "<caption>会員数</caption><tr><td>市</td><td></td></tr>" in text


def test_another_picture_is_shown_and_another_kind_named(client: Client) -> None:
    old, new = (
        SiteImage.objects.create(title=title, file=ContentFile(png(40, 30), "a.png"), description="x")
        for title in ("春の会場", "秋の会場")
    )
    words = {"alt_text": "会場", "caption": ""}
    notice = {"title": "", "text": "<p>x</p>"}
    before = [("image", {"image": old, **words}), ("notice", {"kind": "information", **notice})]
    after = [("image", {"image": new, **words}), ("notice", {"kind": "important", **notice})]

    text = compared(client, before, after)

    images = text.split("説明")[0]
    assert ("deletion" in images, "addition" in images, images.count("<img")) == (True, True, 2)
    assert "information" not in text
    assert '<span class="addition">重要</span>' in text


PYTHON = re.compile(r"\b(True|False|None)\b|\+0[09]:00")
"""How Python writes what nobody should read."""
NOON = datetime(2010, 2, 10, 2, 0, tzinfo=UTC)


def said(answer: Any) -> str:
    """Return what a comparison or a sheet says, without the markup around it."""
    _before, _mark, text = answer.content.decode().rpartition("<h1")
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text.partition("</main>")[0])).split())


@pytest.mark.parametrize("address", ["revisions/compare/live...latest/", "approval-sheet/"])
def test_values_are_written_as_people_read_them(client: Client, address: str) -> None:
    above = MeetingIndexPageFactory(parent=home_page())
    page = MeetingPageFactory(parent=above, number=2, start=NOON, end=None, show_in_menus=False)
    page.save_revision().publish()
    page.number, page.start, page.end = None, NOON.astimezone(TOKYO).replace(day=11, hour=10), NOON.replace(day=12)
    page.organisations_present, page.secretariat_present, page.show_in_menus = 5, False, True
    page.agenda_is_open, page.expire_at = True, datetime(2099, 3, 31, 15, 0, tzinfo=UTC)
    page.save_revision()
    client.force_login(UserFactory(is_superuser=True))

    text = said(client.get(f"/admin/pages/{page.pk}/{address}"))

    assert "平成22年2月10日（水） 11:00 平成22年2月11日（木） 10:00" in text
    assert "81年4月1日" in text
    assert "いいえ はい" in text
    assert PYTHON.findall(text) == []


def test_figure_without_a_date_is_compared_as_it_is_shown(client: Client) -> None:
    figure = {"label": "会員", "value": "1200.000", "unit": "団体", "as_of": None, "source": "x"}

    text = compared(client, [("figure", figure)], [("figure", {**figure, "value": "1201", "as_of": "2010-03-31"})])

    assert '<span class="deletion">1200</span> <span class="addition">1201</span>' in text
    assert '<span class="addition">平成22年3月31日（水）</span>' in text
    assert "None" not in unescape(re.sub(r"<[^>]*>", " ", text.partition("</main>")[0]))


def test_words_are_escaped() -> None:
    assert diff_words("<a>", "&") == ('<span class="deletion">&lt;a&gt;</span> <span class="addition">&amp;</span>')
    assert diff_words("<a>", "<a>") == "&lt;a&gt;"
