"""A list of documents on a page that anybody reads: what it says of one that is not for everybody."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection

from cms.accounts.models import User
from cms.media.models import SiteDocument
from cms.media.services import document_replace
from cms.pages.models import DocumentLibraryPage, HomePage
from cms.theming.themes import theme_names, using_theme
from tests.cms.access.closed_site import close_by_wagtail, editor
from tests.factories.access import for_everyone, for_groups, for_members, make_group
from tests.factories.accounts import AffiliationFactory, SeatFactory, UserFactory
from tests.factories.pages import DocumentLibraryPageFactory, MeetingIndexPageFactory, MeetingPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("everybody_is_member")]
TITLE, DESCRIPTION = "会員名簿", "極秘の説明"
LOG_IN, WHO = "ログインして開く", "閲覧できる人について"


@pytest.fixture
def home() -> HomePage:
    return home_page()


@pytest.fixture
def collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="会員資料")


@pytest.fixture
def document(collection: Collection) -> SiteDocument:
    file = ContentFile(b"old", "極秘.txt")
    document = SiteDocument.objects.create(title=TITLE, description=DESCRIPTION, collection=collection, file=file)
    document_replace(document=document, file=ContentFile(b"new", "極秘.txt"), reason="極秘")
    return document


def library(home: HomePage, *lists: list[SiteDocument]) -> DocumentLibraryPage:
    groups = [
        {"type": "documents", "value": {"heading": "", "documents": [one.pk for one in documents]}, "id": str(number)}
        for number, documents in enumerate(lists)
    ]
    return DocumentLibraryPageFactory(parent=home, groups=json.dumps(groups))


@pytest.fixture
def page(home: HomePage, document: SiteDocument) -> DocumentLibraryPage:
    return library(home, [document])


def shown(page: Any, reader: User | None = None) -> str:
    """Return the page's own part as somebody gets it."""
    client = Client()
    if reader:
        client.force_login(reader)
    return client.get(page.url).content.decode().partition("<main")[2]


def told(html: str) -> list[bool]:
    """Whether it says the title, for whom it is, and anything of the rest."""
    rest = ("極秘", "TXT", "差替え")
    return [TITLE in html, "会員限定" in html or "限定公開" in html, any(one in html for one in rest)]


def test_open_one_says_what_it_is_about(page: DocumentLibraryPage) -> None:
    assert told(shown(page)) == [True, False, True]


@pytest.mark.parametrize("theme", theme_names())
def test_visitor_reads_the_title_for_whom_it_is_and_where_to_log_in(
    page: DocumentLibraryPage, document: SiteDocument, collection: Collection, theme: str
) -> None:
    for_members(collection)
    with using_theme(theme):
        html = shown(page)
    assert told(html) == [True, True, False]
    assert f'<a href="{document.url}">{LOG_IN}</a>' in html
    assert Client().get(document.url).headers["Location"] == f"/accounts/login/?next={document.url}"


@pytest.mark.parametrize(
    ("close", "words"),
    [
        (for_members, "会員限定"),
        (lambda collection: for_groups(collection, make_group()), "限定公開"),
        (lambda collection: for_groups(collection), "限定公開"),
        (close_by_wagtail, "限定公開"),
    ],
)
def test_it_is_said_for_whom_only_where_that_is_known(
    page: DocumentLibraryPage, collection: Collection, close: Callable[[Collection], Any], words: str
) -> None:
    close(collection)
    html = shown(page)
    assert words in html
    assert DESCRIPTION not in html


def test_members_in_a_group_read_it_all_and_others_whom_to_ask(
    page: DocumentLibraryPage, document: SiteDocument, collection: Collection
) -> None:
    seat = SeatFactory()
    for_groups(collection, make_group("役員", seat))
    assert told(shown(page, AffiliationFactory(seat=seat).person)) == [True, False, True]
    html = shown(page, AffiliationFactory().person)
    assert told(html) == [True, True, False]
    assert f'<a href="{document.url}">{WHO}</a>' in html


def test_those_who_edit_the_file_read_it_all(home: HomePage, page: DocumentLibraryPage, collection: Collection) -> None:
    for_groups(collection, make_group())
    assert told(shown(page, editor("当課", [], collection))) == [True, False, True]
    assert told(shown(page, editor("他課", [home], Collection.get_first_root_node().add_child(name="他")))) == [
        True,
        True,
        False,
    ]
    assert told(shown(page, UserFactory(is_superuser=True))) == [True, False, True]


def test_rule_holds_from_the_next_request(page: DocumentLibraryPage, collection: Collection) -> None:
    """A visitor is the same for the life of the process, and must remember nothing."""
    for close, gated in [(for_members, True), (for_everyone, False), (for_members, True)]:
        close(collection)
        assert told(shown(page)) == [True, gated, not gated]


def test_meeting_lists_its_documents_by_the_same_rule(
    home: HomePage, document: SiteDocument, collection: Collection
) -> None:
    for_members(collection)
    documents = json.dumps([{"type": "document", "value": document.pk, "id": "a"}])
    meeting = MeetingPageFactory(parent=MeetingIndexPageFactory(parent=home), documents=documents)
    assert told(shown(meeting)) == [True, True, False]


def test_deleted_document_leaves_no_trace(page: DocumentLibraryPage, document: SiteDocument) -> None:
    document.delete()
    assert "<li></li>" not in shown(page)
    assert '<ul class="materials">\n  </ul>' in shown(page)


@pytest.mark.parametrize("lists", [1, 10])
@pytest.mark.parametrize("items", [1, 30])
def test_costs_one_query_however_many_there_are(
    home: HomePage, collection: Collection, lists: int, items: int, django_assert_num_queries: Any
) -> None:
    for_members(collection)
    documents = [
        SiteDocument.objects.create(title=TITLE, collection=collection, file=f"documents/{number}.pdf", file_size=1)
        for number in range(items)
    ]
    page = library(home, *[documents] * lists)
    shown(page)
    with django_assert_num_queries(10):
        shown(page)
