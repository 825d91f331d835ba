"""Capabilities fail closed."""

from datetime import date

import pytest

from cms.plugin_api.capabilities import capabilities, membership
from cms.plugin_api.models import ContributionError
from cms.plugin_api.registry import get_plugin
from tests.dummy_plugin import contrib
from tests.factories.accounts import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_member")]
DAY = date(2009, 6, 9)


def is_member() -> bool:
    """Ask as the core does."""
    return membership.provider().is_member(OrganisationFactory(), DAY)


def test_the_provider_of_a_plugin_that_is_on_is_asked():
    assert is_member()


def test_nobody_is_a_member_while_the_provider_is_off(dummy_off):
    assert not is_member()


def test_nobody_is_a_member_without_a_provider(monkeypatch):
    monkeypatch.setattr(type(get_plugin("dummy")), "contributions", {})

    assert not is_member()


def test_nobody_is_a_member_with_two_providers(monkeypatch):
    dummy = get_plugin("dummy")
    monkeypatch.setattr("cms.plugin_api.capabilities.enabled_plugins", lambda: (dummy, dummy))

    assert not is_member()


def test_nobody_is_a_member_when_the_provider_raises(monkeypatch):
    def fail(self, organisation, on):
        raise RuntimeError("register unreadable")

    monkeypatch.setattr(contrib.EverybodyIsMember, "is_member", fail)

    assert not is_member()
    assert ContributionError.objects.get().place == "capability membership"


def test_nobody_is_a_member_when_the_provider_cannot_be_made(monkeypatch):
    def fail(self):
        raise RuntimeError("no register")

    monkeypatch.setattr(contrib.EverybodyIsMember, "__init__", fail)

    assert not is_member()


@pytest.mark.parametrize("name", sorted(capabilities))
def test_every_capability_is_documented(name):
    assert capabilities[name].__doc__
