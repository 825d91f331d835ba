"""The list of collections: found by name, by those who may."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LISTS = ["wagtailadmin_collections:index", "media_collections_results"]


@pytest.fixture
def collections(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))
    papers = Collection.get_first_root_node().add_child(name="会議資料")
    papers.add_child(name="役員会")
    Collection.get_first_root_node().add_child(name="写真")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.usefixtures("collections")
def test_collections_are_found_by_name(client: Client, name: str) -> None:
    listed = client.get(reverse(name)).content.decode()
    found = client.get(reverse(name), {"q": "役員"}).content.decode()

    assert ["会議資料" in listed, "役員会" in listed, "写真" in listed] == [True, True, True]
    assert ["会議資料" in found, "役員会" in found, "写真" in found] == [False, True, False]


@pytest.mark.usefixtures("collections")
def test_search_in_vain_says_so(client: Client) -> None:
    answer = client.get(reverse(LISTS[1]), {"q": "ない"}).content.decode()

    assert "作成されていません" not in answer
    assert "条件に合うコレクションはありません" in answer


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.usefixtures("collections")
def test_who_keeps_no_collection_sees_none(client: Client, name: str) -> None:
    client.force_login(UserFactory())

    assert client.get(reverse(name), {"q": "役員"}).status_code in {302, 403}
