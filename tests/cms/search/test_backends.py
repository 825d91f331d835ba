"""The admin's own search: Japanese is found, drafts too, and nothing that is typed breaks a list or a chooser."""

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, And, Boost, Not, Or, Phrase, PlainText

from cms.media.models import SiteDocument
from cms.pages.models import HomePage, SectionPage
from cms.search.models import StaffEntry
from tests.factories.pages import SectionPageFactory

pytestmark = pytest.mark.postgres


@pytest.fixture
def pages(home: HomePage) -> None:
    SectionPageFactory(parent=home, title="髙橋町の役員会", summary="議事の要旨", slug="a")
    SectionPageFactory(parent=home, title="役員会の下書き", slug="b", live=False)
    SectionPageFactory(parent=home, title="総会", summary="役員会との合同", slug="c")


def titles(found: Any) -> list[str]:
    return [page.title for page in found]


def test_titles_are_found_while_typing_drafts_too(pages: None) -> None:
    assert sorted(titles(Page.objects.autocomplete("役員"))) == ["役員会の下書き", "髙橋町の役員会"]
    assert titles(Page.objects.autocomplete("高橋 会")) == ["髙橋町の役員会"]
    assert titles(Page.objects.autocomplete("役員会"))[0] == "役員会の下書き"
    assert titles(Page.objects.live().autocomplete("役員")) == ["髙橋町の役員会"]
    assert titles(SectionPage.objects.filter(slug="b").autocomplete("役員")) == ["役員会の下書き"]


def test_whole_text_is_searched_with_every_kind_of_query(pages: None) -> None:
    assert titles(Page.objects.search("要旨")) == ["髙橋町の役員会"]
    both = PlainText("役員会") & PlainText("総会")
    assert titles(Page.objects.search(both)) == ["総会"]
    assert titles(
        Page.objects.search(And([PlainText("役員会"), Not(PlainText("下書き")), Not(PlainText("総会"))]))
    ) == ["髙橋町の役員会"]
    assert len(Page.objects.search(Or([Phrase("議事の要旨"), Boost(PlainText("総会"), 2)]))) == 2
    assert len(Page.objects.search("要旨 総会", operator="or")) == 2
    assert len(SectionPage.objects.all().search(MATCH_ALL)) == 3


def test_results_can_be_sliced_counted_ordered_and_faceted(pages: None) -> None:
    found = Page.objects.order_by("-title").search("役員会", order_by_relevance=False)

    assert titles(found) == ["髙橋町の役員会", "総会", "役員会の下書き"]
    assert titles(found[1:2]) == ["総会"]
    assert found.count() == 3
    assert found.annotate_score("score")[0].score is None
    assert found.facet("live") == {True: 2, False: 1}


def test_index_follows_change_and_deletion(pages: None) -> None:
    page = Page.objects.get(slug="c").specific
    page.title = "臨時総会"
    page.save()
    assert titles(Page.objects.autocomplete("臨時")) == ["臨時総会"]

    page.delete()
    assert titles(Page.objects.autocomplete("臨時")) == []
    assert not StaffEntry.objects.filter(titles__contains="総会").exists()


def test_index_can_be_rebuilt(pages: None) -> None:
    StaffEntry.objects.all().delete()
    assert titles(Page.objects.autocomplete("総会")) == []

    call_command("wagtail_update_index", verbosity=0)

    assert titles(Page.objects.autocomplete("総会")) == ["総会"]


HOSTILE = ['"', "\x00", '会議"', "会\x00議", "'; --", "%", "_", "\\", "*:(", "役員会"]


@pytest.mark.parametrize(
    "view",
    [
        *("wagtailadmin_explore_root", "wagtailadmin_pages:search", "wagtailadmin_choose_page_search"),
        *("wagtaildocs:index", "wagtailimages:index", "wagtailusers_users:index"),
    ],
)
def test_no_query_breaks_a_list_of_the_admin(client: Any, admin_user: Any, pages: None, view: str) -> None:
    client.force_login(admin_user)

    answers = {typed: client.get(reverse(view), {"q": typed}).status_code for typed in HOSTILE}

    assert answers == dict.fromkeys(HOSTILE, 200)


def test_lists_of_the_admin_find_japanese(client: Any, admin_user: Any, pages: None) -> None:
    SiteDocument.objects.create(title="会議の次第", file="x.pdf")
    client.force_login(admin_user)

    assert "髙橋町の役員会" in client.get(reverse("wagtailadmin_pages:search"), {"q": "高橋"}).content.decode()
    assert "会議の次第" in client.get(reverse("wagtaildocs:index"), {"q": "会議"}).content.decode()
    assert "会議の次第" not in client.get(reverse("wagtaildocs:index"), {"q": "議会"}).content.decode()
    assert get_search_backend().__class__.__module__ == "cms.search.backends"
