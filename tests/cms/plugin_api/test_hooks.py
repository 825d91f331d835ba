"""Hooks of plugins: silent while off, isolated while on; menus of the admin."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from wagtail import hooks as wagtail_hooks

from cms.plugin_api import hooks
from cms.plugin_api.models import ContributionError
from cms.plugin_api.services import plugin_toggle
from tests.dummy_plugin import contrib

pytestmark = pytest.mark.django_db


def as_plugin(function):
    """Make a function the dummy plugin's."""
    function.__module__ = contrib.__name__
    return function


def test_admin_shows_the_plugins_items_while_on(client, superuser):
    client.force_login(superuser)

    page = client.get("/admin/").content.decode()

    assert "Dummy panel" in page
    assert "Dummy setting" in page
    assert "dummy css" in page
    assert "/admin/thing/" in page


def test_admin_shows_none_of_them_while_off(client, superuser, dummy_off):
    client.force_login(superuser)

    page = client.get("/admin/").content.decode().lower()

    assert "dummy" not in page
    assert "/admin/thing/" not in page


def test_items_come_back_in_the_same_process(client, superuser, dummy_off):
    client.force_login(superuser)
    client.get("/admin/")

    plugin_toggle(slug="dummy", on=True, by=None)

    assert "Dummy panel" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("name", sorted(hooks.ASKED))
def test_a_hook_asked_at_each_use_answers_neutrally_while_off(name, dummy_off):
    asked = []
    guarded = hooks.guarded(name, as_plugin(lambda *args: asked.append(args)))

    assert guarded("first", "second") in (None, [], "", "first", "second")
    assert not asked


@pytest.mark.parametrize("name", sorted({**hooks.ASKED, **hooks.KEPT}))
def test_a_hook_that_raises_answers_neutrally_and_is_recorded(name):
    def fail(*args):
        raise RuntimeError("hook broke")

    hooks.guarded(name, as_plugin(fail))("first", "second")

    assert ContributionError.objects.get().place == f"hook {name}"


def test_a_hook_that_plugins_may_not_use_is_refused():
    with pytest.raises(ImproperlyConfigured, match="before_serve_page"):
        hooks.register("before_serve_page")(as_plugin(lambda page: None))


def test_register_registers_with_wagtail():
    names = [function.__name__ for function in wagtail_hooks.get_hooks("register_admin_viewset")]

    assert "register_viewsets" in names
