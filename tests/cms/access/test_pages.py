"""The gate of pages, and lists, menus, feeds and hits that show no more than it lets through."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from cms.accounts.models import Seat, User
from cms.pages.models import HomePage
from cms.plugin_api.services import plugin_toggle
from cms.search import services as search
from tests.factories.access import for_everyone, for_groups, for_members, make_group
from tests.factories.accounts import UserFactory
from tests.factories.pages import (
    MeetingIndexPageFactory,
    MeetingPageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HELD = {"start": dt.datetime(2009, 6, 9, 2, 45, tzinfo=dt.UTC), "end": dt.datetime(2009, 6, 9, 4, tzinfo=dt.UTC)}


def text(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


class TestGate:
    def test_visitor_logs_in_and_comes_back(self, home: HomePage, client: Client) -> None:
        for_members(SectionPageFactory(parent=home, slug="corner"))

        response = client.get("/corner/?page=2")

        assert response.headers["Location"] == "/accounts/login/?next=/corner/%3Fpage%3D2"
        assert "no-store" in response.headers["Cache-Control"]

    def test_member_reads_it_and_what_is_below(self, home: HomePage, client: Client, person: User) -> None:
        section = SectionPageFactory(parent=home, slug="corner", title="会員専用")
        SectionPageFactory(parent=section, slug="below", title="その下")
        for_members(section)
        client.force_login(person)

        assert "会員専用" in text(client, "/corner/")
        assert "その下" in text(client, "/corner/below/")
        assert "private" in client.get("/corner/").headers["Cache-Control"]

    @pytest.mark.parametrize(("kind", "words"), [("member", "会員団体"), ("groups", "グループ")])
    def test_person_without_the_right_reads_whom_to_ask(
        self, home: HomePage, client: Client, kind: str, words: str
    ) -> None:
        section = SectionPageFactory(parent=home, slug="closed", title="秘密の題")
        for_members(section) if kind == "member" else for_groups(section, make_group("秘密の会"))
        client.force_login(UserFactory())

        response = client.get("/closed/", follow=True)

        html = response.content.decode()
        assert (response.status_code, response.redirect_chain) == (403, [])
        assert words in html.split("<main")[1]
        assert "事務局" in html
        assert "秘密の題" not in html
        assert "秘密の会" not in html

    def test_without_the_register_no_member_enters(self, home: HomePage, client: Client, person: User) -> None:
        for_members(SectionPageFactory(parent=home, slug="corner"))
        client.force_login(person)
        plugin_toggle(slug="dummy", on=False, by=None)

        assert client.get("/corner/").status_code == 403

    def test_rule_holds_from_the_next_request_and_in_the_page_cache(
        self, home: HomePage, client: Client, settings: Any, person: User
    ) -> None:
        page = SectionPageFactory(parent=home, slug="corner")
        member = Client()
        member.force_login(person)
        assert client.get("/corner/").status_code == 200
        assert client.get("/corner/").status_code == 200

        for_members(page)
        assert member.get("/corner/").status_code == 200
        assert client.get("/corner/").status_code == 302

        for_everyone(page)
        assert client.get("/corner/").status_code == 200

    def test_day_of_the_end_closes_the_page_without_anybody_doing_anything(
        self, home: HomePage, client: Client, seat: Seat, person: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for_groups(
            SectionPageFactory(parent=home, slug="officers"), make_group("役員", seat, ends_on=dt.date(2010, 4, 1))
        )
        client.force_login(person)
        statuses = []
        for day in (dt.date(2010, 3, 31), dt.date(2010, 4, 1)):
            monkeypatch.setattr("cms.access.selectors.today", lambda day=day: day)
            statuses.append(client.get("/officers/").status_code)
        assert statuses == [200, 403]

    def test_who_may_edit_a_page_may_read_it(self, home: HomePage, client: Client) -> None:
        from django.contrib.auth.models import Group as EditorGroup
        from wagtail.models import GroupPagePermission

        mine = SectionPageFactory(parent=home, slug="mine")
        other = SectionPageFactory(parent=home, slug="other")
        for page in (mine, other):
            for_groups(page, make_group())
        editors = EditorGroup.objects.create(name="会議")
        GroupPagePermission.objects.create(group=editors, page=mine, permission_type="change")
        editor = UserFactory()
        editor.groups.add(editors)
        client.force_login(editor)

        assert [client.get(f"/{slug}/").status_code for slug in ("mine", "other")] == [200, 403]

    @pytest.mark.parametrize("kind", ["login", "groups", "password"])
    def test_restriction_made_by_another_way_lets_nobody_in_but_editors(
        self, home: HomePage, client: Client, person: User, kind: str
    ) -> None:
        page = SectionPageFactory(parent=home, slug="closed")
        PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open")
        statuses = [client.get("/closed/").status_code]
        for who in (person, UserFactory(), UserFactory(is_superuser=True)):
            client.force_login(who)
            statuses.append(client.get("/closed/").status_code)

        # For a shared password there is no door, for an editor neither.
        assert statuses == ([403] * 4 if kind == "password" else [302, 403, 403, 200])


@pytest.fixture
def site(home: HomePage) -> HomePage:
    """Something for members wherever the site lists pages, beside something for all."""
    section = SectionPageFactory(parent=home, slug="about", title="本会について", show_in_menus=True)
    closed = [
        SectionPageFactory(parent=home, slug="privacy", title="秘密の方針", show_in_menus=True),
        SectionPageFactory(parent=section, slug="inner", title="秘密の節", summary="秘密の要約"),
    ]
    news = NewsIndexPageFactory(parent=home)
    closed.append(NewsPageFactory(parent=news, title="秘密のお知らせ"))
    meetings = MeetingIndexPageFactory(parent=home)
    MeetingPageFactory(parent=meetings, number=1, **HELD)
    closed.append(MeetingPageFactory(parent=meetings, number=2, title="秘密の会議", slug="fy2009-2", **HELD))
    for page in closed:
        for_members(page)
        search.page_index(page_id=page.pk)
    return home


SHOWN = {
    "/": ("秘密の方針", "秘密のお知らせ"),
    "/about/": ("秘密の方針", "秘密の節"),
    "/news/": ("秘密のお知らせ",),
    "/news/feed/": ("秘密のお知らせ",),
    "/meetings/": ("秘密の会議",),
    "/meetings/calendar.ics": ("秘密の会議",),
    "/search/?q=秘密": ("秘密</mark>の方針", "秘密</mark>の節", "秘密</mark>のお知らせ", "秘密</mark>の会議"),
    "/search/suggest?q=秘密": ("秘密の方針", "秘密の会議"),
}


@pytest.mark.parametrize("path", SHOWN)
def test_lists_show_each_reader_what_they_may_read(site: HomePage, client: Client, person: User, path: str) -> None:
    def shown(**how: User) -> list[bool]:
        for user in how.values():
            client.force_login(user)
        content = client.get(path).content.decode()
        content = content.encode().decode("unicode_escape") if "suggest" in path else content.replace("\r\n ", "")
        return [words in content for words in SHOWN[path]]

    nothing, everything = [False] * len(SHOWN[path]), [True] * len(SHOWN[path])
    assert shown() == nothing
    assert shown(member=person) == everything
    assert shown(stranger=UserFactory()) == nothing
    assert shown(administrator=UserFactory(is_superuser=True)) == everything
    client.logout()
    assert shown() == nothing


def test_sitemap_is_for_everybody_whoever_asks(site: HomePage, client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))
    xml = text(client, "/sitemap.xml")
    assert "/about/" in xml
    assert "/privacy/" not in xml
    assert "/inner/" not in xml


def test_neighbours_of_a_meeting_leave_out_what_is_closed(site: HomePage, client: Client, person: User) -> None:
    later = {key: value + dt.timedelta(days=1) for key, value in HELD.items()}
    index = MeetingIndexPageFactory._meta.model.objects.get()
    index.get_children().get(title="秘密の会議").delete()
    for_members(MeetingPageFactory(parent=index, number=3, title="次の秘密の会議", slug="fy2009-3", **later))
    first = "/meetings/fy2009-1/"

    assert "次の秘密の会議" not in text(client, first)
    client.force_login(person)
    assert "次の秘密の会議" in text(client, first)


def test_logged_in_reader_costs_the_same_queries_for_any_number_of_rules(
    home: HomePage, person: User, client: Client, django_assert_num_queries: Any
) -> None:
    section = SectionPageFactory(parent=home, slug="about")
    for number in range(30):
        for_members(SectionPageFactory(parent=section, title=f"{number}"))
    client.get("/about/")
    client.force_login(person)
    text(client, "/about/")

    with django_assert_num_queries(12):
        text(client, "/about/")
