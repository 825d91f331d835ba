"""Numbers in addresses that no row can have."""

import pytest
from django.test import Client

from cms.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
TOO_MUCH = 10**24


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_list_leaves_out_what_is_too_much_for_the_column() -> None:
    person = UserFactory()
    assert list(User.objects.filter(pk__in=[person.pk, TOO_MUCH, -TOO_MUCH])) == [person]
    assert not User.objects.filter(pk__in=[TOO_MUCH]).exists()
    assert list(User.objects.exclude(pk__in=[TOO_MUCH])) == [person]


@pytest.mark.parametrize("name", ["owner", "site", "content_type", "edited_by"])
def test_filter_of_pages_finds_nothing_for_it(administrator: Client, name: str) -> None:
    assert administrator.get(f"/admin/pages/?{name}={TOO_MUCH}").status_code == 200


@pytest.mark.parametrize("key", ["abc", "", "%00", str(TOO_MUCH), "1.5"])
@pytest.mark.parametrize(
    "action",
    ["wagtailcore/page/move", "wagtailcore/page/publish", "media/sitedocument/add_tags", "accounts/user/delete"],
)
def test_bulk_action_on_what_no_row_can_have_is_not_found(administrator: Client, action: str, key: str) -> None:
    assert administrator.get(f"/admin/bulk/{action}/?id={key}").status_code == 404
