"""The admin as the association's own desk."""

import pytest
from django.test import Client

from cms.access.models import Group
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_admin_bears_the_association_instead_of_wagtail(desk):
    page = desk.get("/admin/").content.decode()

    assert "association-mark" in page
    assert "- Wagtail</title>" not in " ".join(page.split())


def test_account_offers_neither_a_second_language_switch_nor_a_clock(desk):
    page = desk.get("/admin/account/").content.decode()

    assert 'name="locale-preferred_language"' not in page
    assert 'name="locale-current_time_zone"' not in page


@pytest.mark.parametrize("address", ["/admin/account/", "/admin/users/"])
def test_person_has_a_persons_name(desk, address):
    page = desk.get(address).content.decode().partition("<main")[2]

    assert ("氏名" in page, "名称" in page) == (True, False)


def test_family_name_comes_first(desk):
    page = desk.get("/admin/account/").content.decode()

    assert 0 < page.index('name="name_email-last_name"') < page.index('name="name_email-first_name"')


@pytest.mark.parametrize(("language", "words"), [("ja", "閲覧グループ 2件"), ("en", "2 reader groups")])
def test_list_says_how_many_there_are(desk, language, words):
    for name in ("役員", "監事"):
        Group.objects.create(name=name)
    desk.cookies["kairan_language"] = language
    assert words in desk.get("/admin/reader_groups/").content.decode().replace("Reader groups", "reader groups")
