"""Pages of a plugin that is off, and the pages below them."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from cms.plugin_api import pages
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.state import state_read_once
from tests.dummy_plugin.models import DummyPage

CHANGES = ["can_edit", "can_delete", "can_publish", "can_move", "can_copy", "can_unpublish"]
pytestmark = pytest.mark.django_db


def test_page_and_what_is_below_are_served_while_on(client, below):
    assert b"Dummy page" in client.get("/things/").content
    assert client.get("/things/below/").status_code != 404


@pytest.mark.parametrize("url", ["/things/", "/things/below/"])
def test_page_and_what_is_below_are_404_while_off(client, superuser, below, dummy_off, url):
    client.force_login(superuser)

    assert client.get(url).status_code == 404


def test_enabled_leaves_out_the_page_and_what_is_below(home, below, dummy_off):
    assert list(pages.enabled(Page.objects.filter(depth__gt=1))) == [Page.objects.get(pk=home.pk)]


def test_enabled_keeps_everything_while_on(below):
    assert pages.enabled(Page.objects.all()).count() == 4  # with the root


def test_enabled_does_not_hide_a_sibling_whose_path_begins_alike(home, dummy_page, dummy_off):
    sibling = home.add_child(instance=Page(title="Sibling", slug="sibling"))

    assert sibling.pk in pages.enabled(Page.objects.all()).values_list("pk", flat=True)


def test_enabled_costs_one_query_with_the_list(below, dummy_off, django_assert_num_queries):
    list(pages.enabled(Page.objects.all()))  # content types are cached from here on

    with state_read_once(), django_assert_num_queries(2):
        list(pages.enabled(Page.objects.all()))


def test_enabled_works_on_a_queryset_of_the_plugins_own_type(below, dummy_off):
    assert not pages.enabled(DummyPage.objects.all()).exists()


def test_type_cannot_be_created_while_off(home, dummy_off):
    assert not DummyPage.can_create_at(home)


def test_type_can_be_created_while_on(home):
    assert DummyPage.can_create_at(home)


def test_page_has_no_url_while_off(dummy_page, dummy_off):
    assert dummy_page.url is None


@pytest.mark.parametrize("action", ["copy", "create_alias", "move", "publish"])
def test_page_is_neither_copied_moved_nor_published_while_off(home, dummy_page, dummy_off, action):
    revision = dummy_page.get_latest_revision()
    arguments = {"copy": {}, "create_alias": {}, "move": {"target": home}, "publish": {"revision": revision}}

    with pytest.raises(pages.PluginIsOffError):
        getattr(dummy_page, action)(**arguments[action])


@pytest.mark.parametrize(
    "permission", ["can_edit", "can_delete", "can_publish", "can_move", "can_copy", "can_unpublish"]
)
def test_superuser_cannot_touch_the_page_while_off(dummy_page, superuser, permission, dummy_off):
    allowed = getattr(dummy_page.permissions_for_user(superuser), permission)

    assert not allowed()


@pytest.mark.parametrize(
    "permission", ["can_edit", "can_delete", "can_publish", "can_move", "can_copy", "can_unpublish"]
)
def test_superuser_can_touch_the_page_while_on(dummy_page, superuser, permission):
    assert getattr(dummy_page.permissions_for_user(superuser), permission)()


def test_page_is_marked_in_the_explorer_while_off(client, superuser, home, dummy_page, dummy_off):
    client.force_login(superuser)

    listing = client.get(f"/admin/pages/{home.pk}/").content.decode()

    assert "Dummy page" in listing
    assert f"/admin/pages/{dummy_page.pk}/edit/" not in listing


def test_editing_by_address_is_refused_while_off(client, superuser, dummy_page, dummy_off):
    client.force_login(superuser)

    client.raise_request_exception = False

    client.post(f"/admin/pages/{dummy_page.pk}/edit/", {"title": "Changed", "slug": "things"})

    dummy_page.refresh_from_db()
    assert dummy_page.title == "Dummy page"


def test_scheduled_publishing_waits_while_off(dummy_page, dummy_off):
    dummy_page.unpublish()
    dummy_page.go_live_at = timezone.now() - timedelta(minutes=5)
    revision = dummy_page.save_revision(approved_go_live_at=dummy_page.go_live_at)

    call_command("publish_scheduled")
    dummy_page.refresh_from_db()
    assert not dummy_page.live

    plugin_toggle(slug="dummy", on=True, by=None)
    call_command("publish_scheduled")
    dummy_page.refresh_from_db()
    assert dummy_page.live
    assert dummy_page.live_revision == revision


def test_scheduled_unpublishing_waits_while_off(dummy_page, dummy_off):
    DummyPage.objects.update(expire_at=timezone.now() - timedelta(minutes=5))

    call_command("publish_scheduled")
    dummy_page.refresh_from_db()
    assert dummy_page.live

    plugin_toggle(slug="dummy", on=True, by=None)
    call_command("publish_scheduled")
    dummy_page.refresh_from_db()
    assert not dummy_page.live


def test_rich_text_prints_a_link_to_a_closed_page_without_address(dummy_page, dummy_off):
    html = expand_db_html(f'<a linktype="page" id="{dummy_page.pk}">text</a>')

    assert html == "<a>text</a>"


def test_rich_text_prints_a_link_to_an_open_page(dummy_page):
    html = expand_db_html(f'<a linktype="page" id="{dummy_page.pk}">text</a>')

    assert html == '<a href="/things/">text</a>'


def test_page_chooser_offers_no_closed_page(client, superuser, home, dummy_page, dummy_off):
    client.force_login(superuser)

    assert "Dummy page" not in client.get(f"/admin/choose-page/{home.pk}/").content.decode()


@pytest.mark.parametrize("filtered_by", ["", "?page_locale=ja", "?page_locale=nowhere"])
def test_the_report_on_page_types_leads_to_no_closed_list(client, superuser, home, dummy_page, filtered_by):
    url, usage = f"/admin/reports/page-types-usage/{filtered_by}", "/admin/pages/usage/dummy/dummypage/"
    client.force_login(superuser)

    assert usage in client.get(url).text
    plugin_toggle(slug="dummy", on=False, by=None)
    report = client.get(url).text
    assert client.get(usage).status_code == 404
    assert "dummy.dummypage" not in report
    assert "wagtailcore.page" in report


@pytest.mark.parametrize("route", ["", "/list/"])
def test_a_redirect_leads_to_a_page_while_its_plugin_is_on_only(client, dummy_page, monkeypatch, route):
    monkeypatch.setattr(DummyPage, "resolve_subpage", lambda page, path: ("view", (), {}), raising=False)
    Redirect.objects.create(old_path="/old", redirect_page=dummy_page, redirect_page_route_path=route)

    assert client.get("/old/").url.endswith(f"/things{route or '/'}")
    plugin_toggle(slug="dummy", on=False, by=None)
    assert client.get("/old/").status_code == 404
    plugin_toggle(slug="dummy", on=True, by=None)
    assert client.get("/old/").status_code == 301


def test_a_redirect_to_a_page_below_leads_nowhere_while_off(client, below, dummy_off):
    Redirect.objects.create(old_path="/old", redirect_page=below)

    assert client.get("/old/").status_code == 404
