"""The feed of news: what a feed reader gets, whose it is, and what it costs."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.pages.models import NewsIndexPage
from tests.factories.access import for_members
from tests.factories.accounts import UserFactory
from tests.factories.pages import NewsIndexPageFactory, NewsPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def index() -> NewsIndexPage:
    return NewsIndexPageFactory(parent=home_page())


def entries(client: Client) -> list[ET.Element]:
    return ET.fromstring(client.get("/news/feed/").content).findall(f"{ATOM}entry")  # noqa: S314 - our own


def titles(client: Client) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in entries(client)]


def test_holds_the_latest_news_first_and_no_draft(index: NewsIndexPage, client: Client) -> None:
    NewsPageFactory(parent=index, title="昨日", date=date(2010, 1, 31))
    page = NewsPageFactory(parent=index, title="今日\x0b<速報>", summary="要旨", date=date(2010, 2, 1))
    NewsPageFactory(parent=index, title="下書き", live=False)

    response = client.get("/news/feed/")

    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert titles(client) == ["今日<速報>", "昨日"]
    entry = entries(client)[0]
    assert [link.get("href") for link in entry.iterfind(f"{ATOM}link")] == [page.full_url]
    told = {name: entry.findtext(f"{ATOM}{name}") for name in ("id", "published", "summary")}
    assert told == {
        "id": f"urn:uuid:{page.translation_key}",
        "published": "2010-02-01T00:00:00+09:00",
        "summary": "要旨",
    }


def test_is_well_formed_without_news(index: NewsIndexPage, client: Client) -> None:
    assert titles(client) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_is_named_in_the_head_of_the_list(index: NewsIndexPage, client: Client, language: str) -> None:
    text = client.get("/news/", headers={"accept-language": language}).content.decode()
    link = '<link rel="alternate" type="application/atom+xml" title="お知らせ" href="/news/feed/">'
    assert link in text.partition("</head>")[0]
    assert client.get("/news/feed/", headers={"accept-language": language}).status_code == 200


def test_kept_answer_is_for_visitors_alone(index: NewsIndexPage, settings: LazySettings) -> None:
    settings.PAGE_CACHE = True
    NewsPageFactory(parent=index, title="公開")
    for_members(NewsPageFactory(parent=index, title="会員限定"))
    administrator = Client()
    administrator.force_login(UserFactory(is_superuser=True))

    for _ in range(2):
        assert titles(Client()) == ["公開"]
        assert sorted(titles(administrator)) == ["会員限定", "公開"]
    assert administrator.get("/news/feed/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("items", [1, 30])
def test_costs_the_same_however_much_news_there_is(
    index: NewsIndexPage, client: Client, items: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(items):
        NewsPageFactory(parent=index)
    titles(client)
    with django_assert_num_queries(5):
        assert len(titles(client)) == min(items, 20)
