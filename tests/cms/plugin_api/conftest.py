"""A site with one page, and a page of the dummy plugin with a core page below it."""

import pytest
from wagtail.models import Page, Site

from cms.plugin_api import errors
from cms.plugin_api.services import plugin_toggle
from tests.dummy_plugin.models import DummyPage


@pytest.fixture
def home(db) -> Page:
    """The root of the default site."""
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=Page(title="Home", slug="start"))
    for welcome in root.get_children().exclude(pk=home.pk):
        welcome.delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


@pytest.fixture
def dummy_page(home) -> DummyPage:
    """A live page of the dummy plugin at /things/."""
    return home.add_child(instance=DummyPage(title="Dummy page", slug="things", live=True))


@pytest.fixture
def below(dummy_page) -> Page:
    """A live core page at /things/below/."""
    return dummy_page.add_child(instance=Page(title="Below", slug="below", live=True))


@pytest.fixture
def superuser(django_user_model):
    """Somebody who may do everything."""
    return django_user_model.objects.create_superuser("root", "root@example.com", "secret")


@pytest.fixture
def dummy_off(db) -> None:
    """The dummy plugin is switched off."""
    plugin_toggle(slug="dummy", on=False, by=None)


@pytest.fixture(autouse=True)
def _errors_are_stored_at_once(monkeypatch) -> None:
    """Forget which errors other tests have stored a moment ago."""
    monkeypatch.setattr(errors, "_waiting", {})
