"""The parts of every page around its content."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.functional import lazy
from wagtail.models import PageViewRestriction, Site

from cms.pages.models import HomePage
from cms.plugin_api.models import ContributionError
from cms.plugin_api.points import MenuItem, SidebarCard
from cms.plugin_api.services import plugin_toggle
from cms.site import selectors
from tests.factories.accounts import UserFactory
from tests.factories.pages import (
    FAQPageFactory,
    MeetingIndexPageFactory,
    MeetingPageFactory,
    NewsIndexPageFactory,
    SectionPageFactory,
    home_page,
)

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
HELD = {"start": datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO), "end": datetime(2009, 6, 9, 13, tzinfo=TOKYO)}


@pytest.fixture
def home() -> HomePage:
    home = home_page()
    Site.objects.update(site_name="全国市町村情報管理主管課長会")
    return home


def titles(links: Iterable[selectors.Link]) -> list[str]:
    return [link.title for link in links]


def contributed(monkeypatch: pytest.MonkeyPatch, point: str, *values: Any) -> None:
    """Let the dummy plugin give these at an extension point."""
    given = [("dummy", value) for value in values]
    monkeypatch.setattr(getattr(selectors, point), "collect_with_plugin", lambda *args, **kwargs: given)


def test_menu_has_pages_put_into_it_and_plugins_items_by_order(
    home: HomePage, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    SectionPageFactory(parent=home, title="本会について", slug="about", show_in_menus=True)
    SectionPageFactory(parent=home, title="内部資料", slug="inner", show_in_menus=False)
    SectionPageFactory(parent=home, title="下書き", slug="draft", show_in_menus=True, live=False)
    MeetingIndexPageFactory(parent=home, show_in_menus=True)
    contributed(monkeypatch, "menu_items", MenuItem("名簿", "/members/"), MenuItem("先頭", "/first/", order=1))

    links = selectors.main_menu_links(rf.get("/"))

    assert titles(links) == ["先頭", "本会について", "役員会", "名簿"]
    assert links[1].url == "/about/"


def test_menu_has_each_address_once(home: HomePage, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin's item and its page in the tree may lead to the same place."""
    MeetingIndexPageFactory(parent=home, show_in_menus=True)
    contributed(monkeypatch, "menu_items", MenuItem("会議", "/meetings/"))

    assert titles(selectors.main_menu_links(rf.get("/"))) == ["役員会"]


def test_menu_loses_the_items_of_a_plugin_that_is_off(home: HomePage, client: Client) -> None:
    assert 'href="/dummy/"' in client.get("/").content.decode()

    plugin_toggle(slug="dummy", on=False, by=None)

    assert 'href="/dummy/"' not in client.get("/").content.decode()


def test_menu_says_where_the_reader_is(home: HomePage, client: Client) -> None:
    index = MeetingIndexPageFactory(parent=home, show_in_menus=True)
    MeetingPageFactory(parent=index, slug="fy2009-1", **HELD)

    on_it = client.get("/meetings/").content.decode()
    below_it = client.get("/meetings/fy2009-1/").content.decode()

    assert on_it.count('<a href="/meetings/" aria-current="page">') == 2  # the wide menu and the phone's
    assert below_it.count('<a href="/meetings/" aria-current="true">') == 2


def test_footer_links_to_the_pages_that_exist_in_the_usual_order(home: HomePage, rf: RequestFactory) -> None:
    SectionPageFactory(parent=home, title="アクセシビリティ方針", slug="accessibility")
    SectionPageFactory(parent=home, title="本会について", slug="about")

    assert titles(selectors.footer_links(rf.get("/"))) == ["本会について", "アクセシビリティ方針", "お問合せ"]


def test_breadcrumb_names_every_page_above_and_not_the_home_page_itself(home: HomePage, rf: RequestFactory) -> None:
    section = SectionPageFactory(parent=home, title="本会について", slug="about")
    rules = SectionPageFactory(parent=section, title="会則", slug="rules")
    request = rf.get("/about/rules/")

    assert titles(selectors.ancestor_links(request, rules)) == ["全国市町村情報管理主管課長会", "本会について"]
    assert selectors.ancestor_links(request, home) == []


def test_change_of_the_tree_is_in_the_menu_at_once(home: HomePage, rf: RequestFactory) -> None:
    page = SectionPageFactory(parent=home, title="前の題", show_in_menus=True)
    assert "前の題" in titles(selectors.main_menu_links(rf.get("/")))

    page.title = "後の題"
    page.save_revision().publish()
    assert "後の題" in titles(selectors.main_menu_links(rf.get("/")))

    page.delete()
    assert "後の題" not in titles(selectors.main_menu_links(rf.get("/")))


def test_frame_is_read_once_for_all_pages(home: HomePage, rf: RequestFactory, django_assert_num_queries: Any) -> None:
    for number in range(30):
        SectionPageFactory(parent=home, title=f"{number}", show_in_menus=True)
    selectors.frame_of(rf.get("/"))

    with django_assert_num_queries(1):  # the site's state
        selectors.frame_of(rf.get("/another/"))


def test_sidebar_shows_cards_by_order_and_leaves_out_one_that_raises(
    home: HomePage, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    contributed(
        monkeypatch,
        "page_sidebar",
        SidebarCard("後", "components/card.html", {"title": "後"}, order=2),
        SidebarCard("無", "gone.html", order=3),
        SidebarCard("先", "components/card.html", {"title": "先"}, order=1),
    )

    cards = selectors.sidebar_cards(home, rf.get("/"))

    assert ["先" in cards[0], "後" in cards[1], len(cards)] == [True, True, 2]
    assert ContributionError.objects.get().plugin == "dummy"


def test_item_whose_title_raises_is_left_out_of_the_menu_under_its_plugins_name(
    home: HomePage, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = lazy(lambda: {}["title"], str)()
    contributed(monkeypatch, "menu_items", MenuItem(broken, "/broken/"), MenuItem("名簿", "/members/"))

    assert titles(selectors.main_menu_links(rf.get("/"))) == ["名簿"]
    assert ContributionError.objects.get().plugin == "dummy"


def test_visitor_is_offered_to_log_in_and_come_back(home: HomePage, client: Client) -> None:
    SectionPageFactory(parent=home, slug="about")

    assert "/accounts/login/?next=/about/%3Fpage%3D2" in client.get("/about/?page=2").content.decode()


def test_person_sees_name_and_way_out_and_only_editors_the_admin(home: HomePage, client: Client) -> None:
    client.force_login(UserFactory(last_name="田中", first_name="一郎"))
    member = client.get("/").content.decode()
    client.force_login(UserFactory(is_superuser=True))
    editor = client.get("/").content.decode()

    assert "田中 一郎" in member
    assert "/accounts/logout/" in member
    assert 'href="/admin/"' not in member
    assert 'href="/admin/"' in editor


def test_message_for_a_person_is_shown_once(home: HomePage, client: Client) -> None:
    """What somebody is told stands in a cookie until it has been read."""
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as the middleware keeps it
    messages.success(request, "保存しました。")
    response = HttpResponse()
    request._messages.update(response)  # type: ignore[attr-defined]  # as above
    client.cookies.update(response.cookies)

    assert "保存しました。" in client.get("/").content.decode()
    assert "保存しました。" not in client.get("/").content.decode()


def test_frame_in_the_readers_language(home: HomePage, client: Client) -> None:
    japanese = client.get("/").content.decode()
    client.cookies["kairan_language"] = "en"
    english = client.get("/").content.decode()

    assert '<html lang="ja">' in japanese
    assert "本文へ移動" in japanese
    assert '<html lang="en">' in english
    assert "Skip to the main content" in english


def test_base_for_a_view_that_is_no_page(rf: RequestFactory) -> None:
    html = render_to_string("base.html", {}, rf.get("/somewhere/"))

    assert '<main id="main"' in html
    assert "None" not in html


class _Untouchable:
    """A session that nobody may look at."""

    def __getattr__(self, name: str) -> None:
        raise AssertionError(f"a visitor's session was asked for {name}")


def _forbid_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.sessions.middleware import SessionMiddleware

    def process_request(self: SessionMiddleware, request: HttpRequest) -> None:
        request.session = _Untouchable()  # type: ignore[assignment]  # whoever touches it fails

    monkeypatch.setattr(SessionMiddleware, "process_request", process_request)
    monkeypatch.setattr(SessionMiddleware, "process_response", lambda self, request, response: response)


@pytest.mark.parametrize(
    "path", ["/", "/about/", "/news/", "/faq/", "/meetings/", "/meetings/fy2009-1/", "/nowhere/", "/robots.txt"]
)
def test_public_page_sets_no_cookie_and_never_looks_at_a_session(
    home: HomePage, client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    SectionPageFactory(parent=home, slug="about")
    NewsIndexPageFactory(parent=home)
    FAQPageFactory(parent=home)
    MeetingPageFactory(parent=MeetingIndexPageFactory(parent=home), slug="fy2009-1", **HELD)
    _forbid_sessions(monkeypatch)

    response = client.get(path)

    assert response.status_code == (404 if path == "/nowhere/" else 200)
    assert not response.cookies


def test_sitemap_has_every_page_that_anybody_may_read_below_base_url(home: HomePage, client: Client) -> None:
    section = SectionPageFactory(parent=home, slug="about")
    SectionPageFactory(parent=home, slug="draft", live=False)
    private = SectionPageFactory(parent=home, slug="private")
    SectionPageFactory(parent=private, slug="below")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)

    xml = client.get("/sitemap.xml", headers={"host": "127.0.0.1"}).content.decode()

    assert xml.count("<loc>") == 2
    assert "<loc>http://localhost:8000/</loc>" in xml
    assert f"<loc>http://localhost:8000/{section.slug}/</loc>" in xml
