"""Copies of pages, whatever copies them: as closed as what they were copied from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from cms.access.models import AccessRule
from cms.access.selectors import VISITOR, Reader, readable_pages
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
        got = []
        for who in (None, person, officer):
            client = Client()
            if who:
                client.force_login(who)
            got.append(client.get(path).status_code)
        assert got == [302, 403, 200], path
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
