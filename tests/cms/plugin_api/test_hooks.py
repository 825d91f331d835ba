"""Hooks of plugins: silent while off, isolated while on; menus of the admin."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from wagtail import hooks as wagtail_hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.userbar import BaseItem, Userbar

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


def test_a_menu_item_that_cannot_say_whether_it_is_shown_is_not(rf):
    class Item(MenuItem):
        def is_shown(self, request):
            raise RuntimeError("undecided")

    item = hooks.guarded("register_admin_menu_item", as_plugin(lambda: Item("Broken", "/admin/")))()

    assert item.is_shown(rf.get("/admin/")) is False
    assert ContributionError.objects.get().place == "Item.is_shown"


@pytest.mark.parametrize(("name", "at"), sorted(hooks.FILLED.items()))
def test_a_panel_that_cannot_be_rendered_is_left_out(name, at):
    class Panel(Component):
        def render_html(self, parent_context=None):
            raise RuntimeError("no numbers")

    panels = [cores := Component()]
    hooks.guarded(name, as_plugin(lambda *args: args[at].append(Panel())))(*(panels if n == at else "" for n in (0, 1)))

    assert panels[1].render_html({}) == ""
    assert ContributionError.objects.get().place == "Panel.render_html"
    assert "render_html" not in vars(cores)


def test_the_userbar_leaves_out_an_item_that_cannot_be_rendered(rf, superuser):
    class Item(BaseItem):
        def render_html(self, parent_context):
            raise RuntimeError("no item")

    name = "construct_wagtail_userbar"
    add = hooks.guarded(name, as_plugin(lambda request, items, page: items.append(Item())))
    request = rf.get("/")
    request.user = superuser

    with wagtail_hooks.register_temporarily(name, add):
        html = Userbar().render_html({"request": request})

    assert "/admin/" in html
    assert ContributionError.objects.get().place == "Item.render_html"


def test_a_hook_that_plugins_may_not_use_is_refused():
    with pytest.raises(ImproperlyConfigured, match="before_serve_page"):
        hooks.register("before_serve_page")(as_plugin(lambda page: None))


def test_register_registers_with_wagtail():
    names = [function.__name__ for function in wagtail_hooks.get_hooks("register_admin_viewset")]

    assert "register_viewsets" in names
