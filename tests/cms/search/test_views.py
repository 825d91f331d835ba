"""The results page and the suggestions, as a visitor meets them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.pages.models import HomePage
from cms.search import services
from cms.search.models import MissedQuery
from tests.factories.pages import NewsIndexPageFactory, NewsPageFactory, SectionPageFactory

pytestmark = pytest.mark.postgres


def search(client: Client, **address: str) -> str:
    response = client.get("/search/", address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def news(home: HomePage) -> list[Any]:
    """News of three days in two fiscal years, and a section, all about the cloud."""
    index = NewsIndexPageFactory(parent=home)
    pages = [
        NewsPageFactory(parent=index, title=f"クラウド{day:%Y%m%d}", date=day, summary="自治体クラウドについて")
        for day in (date(2009, 6, 9), date(2010, 3, 31), date(2010, 4, 1))
    ]
    pages.append(SectionPageFactory(parent=home, title="本会について", summary="クラウドの検討"))
    for page in pages:
        services.page_index(page_id=page.pk)
    return pages


def test_results_mark_hits_in_title_and_snippet(client: Client, corpus: dict[str, str]) -> None:
    page = search(client, q="クラウド 東京")

    assert "「自治体<mark>クラウド</mark>」をテーマに、<mark>東京</mark>・大阪" in page
    assert "<title>「クラウド 東京」の検索結果" in page
    assert '<html lang="ja">' in page


def test_what_was_written_is_marked_not_what_was_typed(client: Client, corpus: dict[str, str]) -> None:
    assert "<mark>ｾﾐﾅｰ</mark>のご案内" in search(client, q="セミナー")
    assert "<mark>髙橋</mark>" in search(client, q="高橋")
    assert "<mark>霞ヶ関</mark>での会合" in search(client, q="霞が関")
    assert "<mark>1,238</mark>円" in search(client, q="1238")


def test_markup_in_query_title_and_text_is_escaped(client: Client, home: HomePage) -> None:
    page = SectionPageFactory(parent=home, title="<script>一</script>", summary="<img src=x onerror=alert(1)>会議")
    services.page_index(page_id=page.pk)

    shown = search(client, q="会議")

    assert "&lt;img src=x onerror=alert(1)&gt;<mark>会議</mark>" in shown
    assert "<script>一" not in shown
    assert "&lt;<mark>script</mark>&gt;<mark>一</mark>&lt;/<mark>script</mark>&gt;" in search(client, q="一 script")
    assert "<b>会議</b>" not in search(client, q="<b>会議</b>")


def test_kind_and_fiscal_year_narrow_and_count(client: Client, news: list[Any]) -> None:
    page = search(client, q="クラウド")
    assert "4件" in page
    assert 'href="?q=%E3%82%AF%E3%83%A9%E3%82%A6%E3%83%89&amp;fy=2009"' in page

    by_year = search(client, q="クラウド", fy="2009")
    assert "クラウド</mark>20090609" in by_year
    assert "クラウド</mark>20100331" in by_year
    assert "20100401" not in by_year

    by_kind = search(client, q="クラウド", kind="pages.sectionpage")
    assert "本会について" in by_kind
    assert "20090609" not in by_kind

    assert "絞り込みを外すと4件" in search(client, q="クラウド", kind="pages.sectionpage", fy="2009")


def test_pages_of_results_say_range_and_total(client: Client, home: HomePage, django_assert_num_queries: Any) -> None:
    for number in range(45):
        page = SectionPageFactory(parent=home, title=f"資料{number}")
        services.page_index(page_id=page.pk)

    first, second, third = (search(client, q="資料", page=str(number)) for number in (1, 2, 3))

    assert "全45件中 1～20件" in first
    assert "全45件中 41～45件" in third
    titles = [f"<mark>資料</mark>{number}</a>" for number in range(45)]
    assert all((title in first) + (title in second) + (title in third) == 1 for title in titles)


@pytest.mark.parametrize("items", [1, 30])
def test_results_page_takes_the_same_queries_for_any_number(
    client: Client, home: HomePage, items: int, django_assert_num_queries: Any
) -> None:
    for number in range(items):
        page = SectionPageFactory(parent=home, title=f"資料{number}")
        services.page_index(page_id=page.pk)
    search(client, q="資料")

    with django_assert_num_queries(5):
        search(client, q="資料")


def test_title_comes_before_text_and_more_before_less(client: Client, home: HomePage) -> None:
    for title, summary in [
        ("無関係", "防災と書いた。" + "ほかのことを長く書いた。" * 20),
        ("訓練", "防災のために。防災の訓練、防災の日。"),
        ("防災の日の行事", "避難した。"),
        ("防災", "短い。"),
    ]:
        page = SectionPageFactory(parent=home, title=title, summary=summary)
        services.page_index(page_id=page.pk)

    shown = search(client, q="防災")

    places = [shown.index(part) for part in ("<mark>防災</mark></a>", "</mark>の日の行事", ">訓練<", ">無関係<")]
    assert places == sorted(places)


def test_nothing_found_helps_and_names_words_found_alone(client: Client, corpus: dict[str, str]) -> None:
    page = search(client, q="クラウド 松山市")

    assert "「クラウド 松山市」に一致するものは見つかりませんでした" in page
    assert '<a href="?q=%E3%82%AF%E3%83%A9%E3%82%A6%E3%83%89">クラウド</a> （2件）' in page
    assert '<a href="?q=%E6%9D%BE%E5%B1%B1%E5%B8%82">松山市</a> （1件）' in page


def test_unknown_filters_and_pages_are_ignored(client: Client, news: list[Any]) -> None:
    for address in ({"kind": "\x00"}, {"kind": "pages.nothing"}, {"fy": "二千"}, {"fy": "9" * 40}, {"page": "x"}):
        assert "4件" in search(client, q="クラウド", **address)
    assert "全4件中 1～4件" in search(client, q="クラウド", page="9" * 30)


def test_answer_is_kept_by_no_cache_and_sets_no_cookie(client: Client, corpus: dict[str, str]) -> None:
    response = client.get("/search/", {"q": "会議"})

    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert client.post("/search/", {"q": "会議"}).status_code == 405


def test_suggestions_are_titles_that_begin_with_the_words_first(client: Client, corpus: dict[str, str]) -> None:
    answer = client.get("/search/suggest", {"q": "せみなー"}).json()

    assert answer == {
        "suggestions": [
            {"title": "ｾﾐﾅｰのご案内", "url": "/halfwidth/"},
            {"title": "共同アウトソーシング推進セミナー", "url": "/cloud/"},
        ]
    }
    assert client.get("/search/suggest", {"q": "会議室"}).json() == {"suggestions": []}


def test_search_without_result_is_counted_under_one_spelling(client: Client, corpus: dict[str, str]) -> None:
    for typed in ("ふるさと納税", "ﾌﾙｻﾄ納税", "「フルサト納税」"):
        search(client, q=typed)
    search(client, q="会議")

    assert list(MissedQuery.objects.values_list("words", "count")) == [("ふるさと納税", 3)]


def test_site_is_looked_up_once_where_the_cache_is_the_database(
    client: Client, home: HomePage, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    for number in range(20):
        page = SectionPageFactory(parent=home, title=f"資料{number}")
        services.page_index(page_id=page.pk)

    with django_assert_max_num_queries(9):
        search(client, q="資料")
    with django_assert_max_num_queries(7):
        client.get("/search/suggest", {"q": "資料"})


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
        st.text(alphabet="\"'*^:()-+~{}[]\\/%_?&|!<>@ \x00\t\n　「」“”・ー ANDORNEAR会議ｾﾐﾅｰヶ髙", max_size=40),
    )
)
def test_no_query_whatever_breaks_the_page(client: Client, corpus: dict[str, str], typed: str) -> None:
    assert client.get("/search/", {"q": typed}).status_code == 200
    assert client.get("/search/suggest", {"q": typed}).status_code == 200
