"""Addresses of a plugin that is off answer 404 to everybody, and come back."""

import pytest
from django.http import Http404
from django.urls import resolve

from cms.plugin_api.gate import owner_of_url
from cms.plugin_api.services import plugin_toggle

PUBLIC = ["/dummy/", "/dummy/generic/"]
ADMIN = [
    "/admin/dummy-panel/",
    "/admin/dummy-generic/",
    "/admin/thing/",
    "/admin/thing/new/",
    "/admin/thing_chooser/",
    "/admin/thing_chooser/results/",
    "/admin/dummy_organisations/",
    "/admin/dummy_organisations/new/",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", PUBLIC + ADMIN)
def test_address_answers_while_on(client, superuser, url):
    client.force_login(superuser)

    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", PUBLIC + ADMIN)
def test_address_is_404_for_the_superuser_while_off(client, superuser, dummy_off, url):
    client.force_login(superuser)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", PUBLIC + ADMIN)
def test_address_is_404_for_a_visitor_while_off_and_not_a_login(client, home, dummy_off, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", PUBLIC + ADMIN)
def test_a_missing_slash_is_not_redirected_while_off(client, home, dummy_off, url):
    assert client.get(url.rstrip("/")).status_code == 404


@pytest.mark.parametrize("url", PUBLIC + ADMIN)
def test_address_comes_back_without_a_restart(client, superuser, dummy_off, url):
    client.force_login(superuser)

    plugin_toggle(slug="dummy", on=True, by=None)

    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", PUBLIC + ADMIN)
def test_owner_of_an_address_is_derived_even_while_off(dummy_off, url):
    assert owner_of_url(url) == "dummy"


def test_addresses_of_the_core_have_no_owner():
    assert owner_of_url("/admin/") is None
    assert owner_of_url("https://example.com/") is None


def test_bulk_and_add_addresses_that_name_the_plugins_models_are_closed(dummy_off):
    for url in ("/admin/pages/add/dummy/dummypage/1/", "/admin/bulk/dummy/dummypage/delete/"):
        with pytest.raises(Http404):
            resolve(url)


def test_resolving_an_address_of_the_core_reads_no_state(django_assert_num_queries):
    with django_assert_num_queries(0):
        resolve("/admin/")
