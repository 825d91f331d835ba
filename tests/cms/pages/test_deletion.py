"""Deleting many pages at once, which wants the site's name."""

import pytest
from django.test import Client
from wagtail.models import Page

from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = pytest.mark.django_db
REFUSED = "何も削除していません。確認のため、「Kairan」と入力してください。"


@pytest.mark.parametrize("address", ["/admin/pages/{}/delete/", "/admin/bulk/wagtailcore/page/delete/?id={}"])
def test_wrong_name_is_refused_with_a_sentence_and_the_right_one_deletes(client: Client, address: str) -> None:
    client.force_login(UserFactory(is_superuser=True))
    section = SectionPageFactory(parent=home_page(), slug="many")
    path = address.format(section.pk)

    refused = client.post(path, {"confirm_site_name": "kairan"}, follow=True).content.decode()

    assert REFUSED in refused
    assert section.title in refused
    assert Page.objects.filter(slug="many").exists()
    client.post(path, {"confirm_site_name": "Kairan"})
    assert not Page.objects.filter(slug="many").exists()
