"""What an editor is told about the writing of a page when it is saved."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.pages.models import SectionPage
from cms.pages.selectors import WritingFaults, writing_faults
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = pytest.mark.django_db


def page(text: str, **fields: Any) -> SectionPage:
    body = [{"type": "text", "value": text}]
    return SectionPage(title=fields.pop("title", "本会について"), body=body, **fields)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>会　議のお知らせ</p>", ["会　議"]),
        ("<p>東　京都の会</p>", []),
        ("<p>第1回　会　議</p>", ["会　議"]),
        ("<p>日 時：6月9日</p>", ["日 時"]),
        ("<p>役 員 会</p>", ["役 員 会"]),
        ("<p>東京　大阪　仙台</p>", []),
        ("<p>矢野 友哉 氏</p>", []),
        ("<p>会</p><p>議</p>", []),
    ],
)
def test_spaces_inside_a_word_are_told_from_spaces_between_words(text: str, found: list[str]) -> None:
    assert writing_faults(page(text)).spaced == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p>資料は<a href="/library/">こちら</a>、<a linktype="page" id="3"><b>こちら</b></a>です。</p>', ["こちら"]),
        ('<p><a href="/library/">Here</a></p>', ["Here"]),
        ('<p>こちらの<a href="/library/">資料</a></p>', []),
    ],
)
def test_links_that_say_nothing_are_found(text: str, found: list[str]) -> None:
    assert writing_faults(page(text)).links == found


def test_every_field_is_read_and_each_fault_said_once() -> None:
    faulty = page("<p>議 題</p><p>議 題</p>", title="会　議")

    assert writing_faults(faulty) == WritingFaults(spaced=["会　議", "議 題"], links=[])


@pytest.mark.parametrize(("title", "advised"), [("会　議", True), ("会議", False)])
def test_saving_tells_the_editor_and_loses_nothing(client: Client, title: str, advised: bool) -> None:
    section = SectionPageFactory(parent=home_page())
    client.force_login(UserFactory(is_superuser=True))
    unset = dict.fromkeys(
        ["summary", "source", "tags", "seo_title", "search_description", "go_live_at", "expire_at"], ""
    )
    body = {"body": streamfield([("text", rich_text("<p>本文</p>"))]), "comments": inline_formset([])}
    form = nested_form_data({**unset, **body, "title": title, "slug": section.slug, "language": "ja"})

    response = client.post(reverse("wagtailadmin_pages:edit", args=[section.pk]), form, follow=True)

    said = [str(message) for message in response.context["messages"]]
    assert any("「会　議」" in message for message in said) is advised
    assert SectionPage.objects.get(pk=section.pk).get_latest_revision_as_object().title == title
