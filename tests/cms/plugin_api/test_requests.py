"""A request that a plugin's code has failed is recorded under the plugin's name, and is answered as any that failed."""

import pytest
from django.http import Http404
from django.views.generic import TemplateView
from wagtail.models import Page

from cms.plugin_api.models import ContributionError
from cms.plugin_api.registry import get_plugin
from tests.dummy_plugin import views
from tests.dummy_plugin.models import DummyPage

pytestmark = pytest.mark.django_db


def fail(*args, **kwargs):
    raise RuntimeError("out of order")


@pytest.fixture
def client(client):
    """Be answered as a visitor is, instead of being thrown the exception."""
    client.raise_request_exception = False
    return client


@pytest.fixture(autouse=True)
def _page_of_a_failure_stands_without_a_site(home) -> None:
    """The page that says so asks for the site's home."""


def recorded() -> list[tuple[str, str, str]]:
    return [(error.plugin, error.place, error.message) for error in ContributionError.objects.all()]


def test_a_view_that_raises_is_recorded_and_not_swallowed(client, monkeypatch):
    monkeypatch.setattr(views, "HttpResponse", fail)

    assert client.get("/dummy/").status_code == 500
    assert recorded() == [("dummy", "view dummy:index", "out of order")]


@pytest.mark.parametrize(
    ("url", "place"), [("/dummy/generic/", "view dummy:generic"), ("/admin/dummy-generic/", "view dummy_generic")]
)
def test_a_generic_view_is_its_plugins_though_no_code_of_it_has_run(client, superuser, monkeypatch, url, place):
    client.force_login(superuser)
    monkeypatch.setattr(TemplateView, "get", fail)

    assert client.get(url).status_code == 500
    assert recorded() == [("dummy", place, "out of order")]


def test_a_page_is_the_view_of_its_plugin(client, dummy_page, monkeypatch):
    monkeypatch.setattr(DummyPage, "get_context", fail)

    assert client.get("/things/").status_code == 500
    assert recorded() == [("dummy", "page dummy.DummyPage", "out of order")]


def test_code_of_a_plugin_is_found_below_a_view_of_the_core(client, superuser, monkeypatch, dummy_off):
    of_plugin = {"__name__": "tests.dummy_plugin.apps"}
    exec("def refuse(self): raise RuntimeError('out of order')", of_plugin)  # noqa: S102 - as if it stood there
    monkeypatch.setattr(type(get_plugin("dummy")), "on_enable", of_plugin["refuse"])
    client.force_login(superuser)

    assert client.post("/admin/plugins/dummy/enable/").status_code == 500
    assert recorded() == [("dummy", "view dashboard:plugin_enable", "out of order")]


def test_a_failure_of_the_core_is_nobodys(client, below, monkeypatch):
    monkeypatch.setattr(Page, "get_context", fail)

    assert client.get("/things/below/").status_code == 500
    assert recorded() == []


def test_what_is_no_failure_is_not_recorded(client, monkeypatch):
    def nothing_here(*args):
        raise Http404

    monkeypatch.setattr(views, "HttpResponse", nothing_here)

    assert client.get("/dummy/").status_code == 404
    assert recorded() == []
