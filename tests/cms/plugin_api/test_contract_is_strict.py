"""The contract is worth its name: with something ungated in a plugin, it fails."""

import inspect
from types import FunctionType

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, path
from wagtail import hooks as wagtail_hooks

from cms.pages.models import SectionPage
from cms.plugin_api import gate, ownership
from cms.plugin_api.pages import GatedPage
from cms.plugin_api.testing import PluginContract
from tests.dummy_plugin import apps as dummy_apps
from tests.dummy_plugin import tasks
from tests.dummy_plugin.blocks import GreetingBlock


class Contract(PluginContract):
    """Run by hand below."""

    __test__ = False
    slug = "dummy"


@pytest.fixture
def contract(db, request) -> Contract:
    """The contract of the dummy plugin, ready to run one of its tests."""
    return Contract()


def broken(contract: Contract, test: FunctionType, request) -> bool:
    """Run one test of the contract, and say whether it fails."""
    names = [name for name in inspect.signature(test).parameters if name != "self"]
    given = {name: request.getfixturevalue(name) for name in names}
    try:
        test(contract, **given)
    except AssertionError:
        return True
    return False


@pytest.fixture
def clients(contract):
    """The contract's own fixture."""
    return PluginContract.clients.__wrapped__(contract)


@pytest.fixture
def ungated_view(monkeypatch):
    """An address that the gate lets through: its owner isn't seen when it is asked for."""
    asked = gate.is_owner_on
    monkeypatch.setattr(gate, "is_owner_on", lambda slug: slug == "dummy" or asked(slug))


@pytest.mark.usefixtures("ungated_view")
def test_an_ungated_view_is_found(contract, clients, request):
    assert broken(contract, Contract.test_every_address_is_404_for_everybody_while_off, request)


def test_an_ungated_url_is_found(contract, request):
    def sneak():
        return [path("sneaked/", lambda request: HttpResponse("here"))]

    sneak.__module__ = dummy_apps.__name__

    with wagtail_hooks.register_temporarily("register_admin_urls", sneak):
        assert broken(contract, Contract.test_hooks_are_guarded, request)


def test_an_ungated_block_is_found(contract, request, monkeypatch):
    stream = SectionPage._meta.get_field("body").stream_block
    stray = GreetingBlock()
    stray.set_name("dummy_stray")
    monkeypatch.setitem(stream.child_blocks, "dummy_stray", stray)

    assert broken(contract, Contract.test_blocks_all_belong_to_it, request)


def test_a_block_that_is_shown_while_off_is_found(contract, request, monkeypatch):
    stream = SectionPage._meta.get_field("body").stream_block
    monkeypatch.setattr(type(stream), "is_usable", lambda self, name: name in self.child_blocks)

    assert broken(contract, Contract.test_blocks_are_offered_and_shown_only_while_on, request)


def test_an_ungated_task_is_found(contract, request, monkeypatch):
    monkeypatch.setattr(tasks, "tidy", tasks.tidy.using(backend="default"))

    assert broken(contract, Contract.test_manifest_is_sound, request)


def test_a_task_that_nobody_stops_is_found(contract, request, monkeypatch):
    monkeypatch.setattr("cms.plugin_api.testing.contract.reason_to_skip", lambda path: None)

    assert broken(contract, Contract.test_tasks_are_skipped_while_off, request)


def test_a_page_type_that_nothing_closes_is_found(contract, clients, home, request, monkeypatch):
    monkeypatch.delattr(GatedPage, "route")
    monkeypatch.setattr("cms.pages.views.is_page_enabled", lambda page: True)

    assert broken(contract, Contract.test_pages_and_what_is_below_are_404_for_everybody_while_off, request)


def test_an_item_that_stays_in_the_menu_is_found(contract, clients, home, request, monkeypatch):
    monkeypatch.setattr("cms.plugin_api.wagtail_hooks.is_owner_on", lambda slug: True)

    assert broken(contract, Contract.test_admin_and_site_link_nowhere_into_it_while_off, request)


def test_the_unbroken_plugin_passes_what_these_break(contract, clients, home, request):
    tests = [
        Contract.test_every_address_is_404_for_everybody_while_off,
        Contract.test_hooks_are_guarded,
        Contract.test_blocks_all_belong_to_it,
        Contract.test_manifest_is_sound,
        Contract.test_admin_and_site_link_nowhere_into_it_while_off,
    ]

    assert [test.__name__ for test in tests if broken(contract, test, request)] == []


def test_every_view_of_the_plugin_is_enumerated():
    """Whatever the resolver holds of the plugin's own code is among the addresses that the contract asks for."""
    own = {
        name
        for name, function in inspect.getmembers(__import__("tests.dummy_plugin.views", fromlist=["views"]))
        if ownership.owner_of(function) == "dummy" and (inspect.isfunction(function) or inspect.isclass(function))
    }
    from cms.plugin_api.testing import addresses_of

    reached = set()
    for url in addresses_of("dummy"):
        function = get_resolver().resolve(url).func
        reached |= {layer.__name__ for layer in ownership._unwrapped(function)}
        reached.add(getattr(getattr(function, "view_class", None), "__name__", ""))

    assert own <= reached
