"""Copies of pages, whatever copies them: as closed as what they were copied from."""

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from wagtail.actions import ConvertAliasPageAction
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from cms.access.models import AccessRule
from cms.access.selectors import VISITOR, Reader, readable_pages
from cms.access.selectors.reach import Reach
from cms.accounts.models import User
from cms.pages.models import HomePage, SectionPage
from cms.pages.services import page_copy_to_next_year
from tests.factories.access import for_groups, for_members, make_group
from tests.factories.accounts import AffiliationFactory, SeatFactory, UserFactory
from tests.factories.pages import MeetingIndexPageFactory, MeetingPageFactory, SectionPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def administrator() -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def officer() -> User:
    """Sits on a seat of the officers."""
    seat = SeatFactory()
    make_group("役員", seat)
    return AffiliationFactory(seat=seat).person


@pytest.fixture
def source(home: HomePage, officer: User) -> SectionPage:
    """A section for the officers, with a page below it."""
    section = SectionPageFactory(parent=home, slug="officers", title="役員会")
    SectionPageFactory(parent=section, slug="below", title="役員会の下")
    for_groups(section, make_group("役員"))
    return section


@pytest.fixture(params=["open", "for members"])
def destination(request: pytest.FixtureRequest, home: HomePage) -> SectionPage:
    section = SectionPageFactory(parent=home, slug="destination")
    if request.param == "for members":
        for_members(section)
    return section


def by_form(by: User, page: Page, to: Page, **ticked: str) -> None:
    client = Client()
    client.force_login(by)
    data = {"new_title": page.title, "new_slug": "copy", "new_parent_page": to.pk, "copy_subpages": "on", **ticked}
    assert client.post(f"/admin/pages/{page.pk}/copy/", data).status_code == 302


def by_api(action: str) -> Callable[[User, Page, Page], None]:
    def copy(by: User, page: Page, to: Page) -> None:
        client = Client()
        client.force_login(by)
        data = {"destination_page_id": to.pk, "slug": "copy", "recursive": True, "update_slug": "copy"}
        path = f"/admin/api/main/pages/{page.pk}/action/{action}/"
        assert client.post(path, data, content_type="application/json").status_code == 201

    return copy


def statuses(path: str, *readers: User | None) -> list[int]:
    """Return how the page answers each reader; None is a visitor."""
    got = []
    for who in readers:
        client = Client()
        if who:
            client.force_login(who)
        got.append(client.get(path).status_code)
    return got


WAYS: dict[str, Callable[[User, Page, Page], Any]] = {
    "form": lambda by, page, to: by_form(by, page, to, publish_copies="on"),
    "alias by the form": lambda by, page, to: by_form(by, page, to, alias="on"),
    "API": by_api("copy"),
    "alias by the API": by_api("create_alias"),
    "code": lambda by, page, to: page.copy(to=to, recursive=True, update_attrs={"slug": "copy"}, user=by),
    "code that knows the base type only": lambda by, page, to: Page.objects.get(pk=page.pk).copy(
        to=to, recursive=True, update_attrs={"slug": "copy"}, user=by
    ),
    "alias by code": lambda by, page, to: page.create_alias(parent=to, recursive=True, update_slug="copy", user=by),
}


@pytest.mark.parametrize("way", WAYS)
def test_branch_is_for_whom_its_source_is_and_nobody_else(
    administrator: User, officer: User, person: User, source: SectionPage, destination: SectionPage, way: str
) -> None:
    WAYS[way](administrator, source, destination)

    copied = destination.get_descendants().live()
    assert list(copied.values_list("slug", flat=True)) == ["copy", "below"]
    for path in ("/destination/copy/", "/destination/copy/below/"):
        assert statuses(path, None, person, officer) == [302, 403, 200], path
    readers = (VISITOR, Reader(person), Reader(officer))
    assert [readable_pages(copied, reader).count() for reader in readers] == [0, 0, 2]
    assert not PageViewRestriction.objects.filter(rule=None).exists()
    assert PageLogEntry.objects.get(action="access.rule_set", user=administrator).data["groups"] == ["役員"]


def test_draft_keeps_the_rule_for_the_day_on_which_it_is_published(
    administrator: User, source: SectionPage, destination: SectionPage
) -> None:
    by_form(administrator, source, destination)

    copied = Page.objects.child_of(destination).get()
    assert not copied.live
    assert copied.access_rule.audience == "groups"


def test_next_years_copy_keeps_the_rule(home: HomePage, administrator: User) -> None:
    index = MeetingIndexPageFactory(parent=home)
    meeting = MeetingPageFactory(parent=index)
    for_members(index)
    for_groups(meeting, make_group("役員"))

    copied = page_copy_to_next_year(page=meeting, by=administrator)

    assert [group.name for group in copied.access_rule.groups.all()] == ["役員"]


def test_page_closed_by_wagtails_restriction_alone_is_closed_as_a_copy(
    administrator: User, officer: User, home: HomePage, destination: SectionPage
) -> None:
    page = SectionPageFactory(parent=home)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    by_form(administrator, page, destination, publish_copies="on")

    copied = Page.objects.child_of(destination).live()
    assert copied.count() == 1
    assert not readable_pages(copied, Reader(officer)).exists()


def test_open_page_stays_open(administrator: User, home: HomePage) -> None:
    page = SectionPageFactory(parent=home)
    by_form(administrator, page, home, publish_copies="on")
    assert not AccessRule.objects.exists()
    assert Client().get("/copy/").status_code == 200


class TestInheritedRule:
    """Of what is copied, or shown a second time, where the rule above it does not reach."""

    @pytest.fixture
    def inner(self, source: SectionPage) -> Page:
        return Page.objects.get(slug="below")

    @pytest.fixture
    def open_section(self, home: HomePage) -> SectionPage:
        return SectionPageFactory(parent=home, slug="open")

    @pytest.mark.parametrize("way", WAYS)
    def test_holds_for_the_copy_too(
        self, administrator: User, officer: User, person: User, inner: Page, open_section: SectionPage, way: str
    ) -> None:
        WAYS[way](administrator, inner, open_section)

        assert statuses("/open/copy/", None, person, officer) == [302, 403, 200]
        copied = open_section.get_descendants().live()
        readers = (VISITOR, Reader(person), Reader(officer))
        assert [readable_pages(copied, reader).count() for reader in readers] == [0, 0, 1]

    def test_is_not_repeated_where_it_holds_anyway(self, administrator: User, source: SectionPage, inner: Page) -> None:
        by_form(administrator, inner, source, publish_copies="on")
        assert AccessRule.objects.get().page_id == source.pk

    def test_of_members_and_of_groups_together_becomes_a_rule_that_lets_nobody_in(
        self, administrator: User, officer: User, source: SectionPage, inner: Page, open_section: SectionPage
    ) -> None:
        for_members(inner)
        assert statuses("/officers/below/", officer) == [200]
        by_form(administrator, inner, open_section, publish_copies="on")
        assert statuses("/open/copy/", None, officer) == [302, 403]
        assert "該当者なし（グループが指定されていません）" in Reach.of(Page.objects.get(slug="copy")).sentences[0]

    def test_of_groups_that_differ_becomes_a_rule_for_those_in_common(
        self, administrator: User, inner: Page, source: SectionPage, open_section: SectionPage
    ) -> None:
        for_groups(source, make_group("役員"), make_group("監事"))
        for_groups(inner, make_group("監事"), make_group("委員"))
        by_form(administrator, inner, open_section)
        copied = Page.objects.get(slug="copy")
        assert [group.name for group in copied.access_rule.groups.all()] == ["監事"]

    def test_is_told_to_whoever_copies(self, client: Client, administrator: User, inner: Page, home: HomePage) -> None:
        client.force_login(administrator)
        data = {"new_title": "写し", "new_slug": "copy", "new_parent_page": home.pk}
        html = client.post(f"/admin/pages/{inner.pk}/copy/", data, follow=True).content.decode()
        assert "「写し」の閲覧範囲は、複写元より広くなりません。閲覧できるのは、グループ「役員」" in html

    def test_is_closed_as_a_copy_where_a_restriction_of_wagtails_is_above(
        self, administrator: User, officer: User, home: HomePage, open_section: SectionPage
    ) -> None:
        closed = SectionPageFactory(parent=home)
        page = SectionPageFactory(parent=closed)
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
        by_form(administrator, page, open_section, publish_copies="on")
        assert statuses("/open/copy/", None, officer) == [302, 403]


class TestAlias:
    """After what it shows has been closed."""

    @pytest.fixture
    def section(self, home: HomePage) -> SectionPage:
        section = SectionPageFactory(parent=home, slug="shown")
        SectionPageFactory(parent=section, slug="inner")
        return section

    @pytest.fixture
    def alias(self, home: HomePage, section: SectionPage) -> Page:
        second = Page.objects.get(slug="inner").specific.create_alias(parent=home, update_slug="second")
        return second.create_alias(parent=home, update_slug="third")

    def closes(self, section: SectionPage, officer: User) -> None:
        for_groups(section, make_group("役員"))

    def test_is_closed_with_the_page_above_its_source(
        self, section: SectionPage, alias: Page, officer: User, person: User
    ) -> None:
        assert statuses("/third/", None) == [200]
        self.closes(section, officer)
        for path in ("/second/", "/third/"):
            assert statuses(path, None, person, officer) == [302, 403, 200], path

    def test_stays_closed_as_a_page_of_its_own(
        self, section: SectionPage, alias: Page, administrator: User, officer: User, person: User
    ) -> None:
        self.closes(section, officer)
        client = Client()
        client.force_login(administrator)
        assert client.post(f"/admin/pages/{alias.pk}/convert_alias/").status_code == 302
        assert Page.objects.get(pk=alias.pk).alias_of_id is None
        assert statuses("/third/", None, person, officer) == [302, 403, 200]

    def test_is_closed_to_the_same_when_published_after_its_source_was_deleted(
        self, section: SectionPage, alias: Page, administrator: User, officer: User, person: User
    ) -> None:
        self.closes(section, officer)
        client = Client()
        client.force_login(administrator)
        assert client.post(f"/admin/pages/{section.pk}/delete/").status_code == 302
        assert not Page.objects.filter(slug="inner").exists()
        for page in Page.objects.filter(slug__in=["second", "third"]).order_by("slug"):
            assert not page.live  # Wagtail takes them offline
            if page.alias_of_id:
                ConvertAliasPageAction(page.specific).execute()
            Page.objects.get(pk=page.pk).specific.save_revision().publish()
        for path in ("/second/", "/third/"):
            assert statuses(path, None, person, officer) == [302, 403, 200], path

    def test_goes_with_its_source_where_both_are_deleted(
        self, section: SectionPage, administrator: User, officer: User
    ) -> None:
        Page.objects.get(slug="inner").specific.create_alias(parent=section, update_slug="second")
        self.closes(Page.objects.get(slug="inner").specific, officer)
        client = Client()
        client.force_login(administrator)
        client.post(f"/admin/pages/{section.pk}/delete/")
        assert not Page.objects.filter(slug__in=["shown", "inner", "second"]).exists()
        assert not AccessRule.objects.exists()


def test_alias_of_an_alias_is_listed_for_nobody_whom_the_source_shuts_out(
    administrator: User, home: HomePage, destination: SectionPage
) -> None:
    section = SectionPageFactory(parent=home, slug="later")
    source = SectionPageFactory(parent=section, slug="plan")
    first = source.create_alias(parent=destination, update_slug="first", user=administrator)
    second = first.create_alias(parent=home, update_slug="second", user=administrator)
    for_members(section)

    assert second.alias_of_id == source.pk
    assert not readable_pages(Page.objects.filter(pk__in=[source.pk, first.pk, second.pk]), VISITOR).exists()


class TestAliasesFromBefore:
    """The migration that lets each alias be one of its source, where an alias of an alias was stored."""

    @pytest.fixture
    def chain(self, home: HomePage) -> list[Page]:
        """A page below a section, and three aliases below sections of their own, each of the one before."""
        pages: list[Page] = []
        for name in ("source", "first", "second", "third"):
            section = SectionPageFactory(parent=home, slug=f"below-{name}")
            page = pages[0].create_alias(parent=section, update_slug=name) if pages else None
            pages.append(page or SectionPageFactory(parent=section, slug=name))
        for before, alias in pairwise(pages[1:]):
            Page.objects.filter(pk=alias.pk).update(alias_of=before)
        return [Page.objects.get(pk=page.pk) for page in pages]

    def flatten(self) -> None:
        import_module("cms.access.migrations.0002_alias_of_source").flatten(apps, None)

    def read(self, chain: list[Page], who: User | None = None) -> list[bool]:
        listed = set(readable_pages(Page.objects.all(), Reader(who)).values_list("pk", flat=True))
        return [page.pk in listed for page in chain]

    def test_show_one_source_and_are_closed_with_it(self, chain: list[Page], officer: User) -> None:
        assert [page.alias_of_id for page in chain[1:]] == [page.pk for page in chain[:-1]]
        for_groups(chain[0].get_parent(), make_group("役員"))
        assert self.read(chain) == [False, False, True, True]  # the fault

        self.flatten()

        assert set(Page.objects.filter(alias_of__isnull=False).values_list("alias_of", flat=True)) == {chain[0].pk}
        assert self.read(chain) == [False] * 4
        assert self.read(chain, officer) == [True] * 4
        assert not PageViewRestriction.objects.filter(rule=None).exists()

    def test_are_read_by_nobody_whom_one_between_shut_out(self, chain: list[Page], officer: User) -> None:
        for_groups(chain[1].get_parent(), make_group("役員"))
        self.flatten()
        assert self.read(chain) == [True, False, False, False]
        assert self.read(chain, officer) == [True, True, False, False]
        self.flatten()
        assert PageViewRestriction.objects.filter(rule=None).count() == 2

    def test_are_left_alone_where_there_are_none(self, home: HomePage) -> None:
        source = SectionPageFactory(parent=home, slug="source")
        alias = source.create_alias(parent=home, update_slug="alias")
        self.flatten()
        assert Page.objects.get(pk=alias.pk).alias_of_id == source.pk
