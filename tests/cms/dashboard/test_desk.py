"""The admin as the association's own desk."""

import pytest
from django.test import Client

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
