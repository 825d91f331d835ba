"""The state: its default, its cost, its freshness."""

import pytest

from cms.plugin_api import PluginState, enabled_plugins, is_enabled, plugin_state, site_state
from cms.plugin_api.models import SiteState
from cms.plugin_api.registry import get_plugin
from cms.plugin_api.state import state_read_once

pytestmark = pytest.mark.django_db


def test_a_plugin_nobody_decided_about_is_on():
    assert is_enabled("dummy")
    assert "dummy" in [plugin.slug for plugin in enabled_plugins()]


def test_a_recorded_decision_wins():
    SiteState.objects.update_or_create(pk=1, defaults={"plugins": {"dummy": {"on": False}}})

    assert plugin_state("dummy") == PluginState.OFF


def test_dormant_wins_over_a_recorded_decision(settings):
    SiteState.objects.update_or_create(pk=1, defaults={"plugins": {"dummy": {"on": True}}})
    settings.CMS_PLUGINS_DORMANT = ["dummy"]

    assert plugin_state("dummy") == PluginState.DORMANT
    assert not is_enabled("dummy")


def test_an_absent_plugin_is_off():
    assert not is_enabled("nowhere")


def test_a_plugin_whose_requirement_is_absent_is_off(monkeypatch):
    monkeypatch.setattr(type(get_plugin("dummy")), "requires", ("nowhere",))

    assert not is_enabled("dummy")


def test_a_circle_of_requirements_is_off_and_ends(monkeypatch):
    monkeypatch.setattr(type(get_plugin("dummy")), "requires", ("dummy",))

    assert not is_enabled("dummy")


def test_inside_a_request_the_state_costs_one_query(django_assert_num_queries):
    with state_read_once(), django_assert_num_queries(1):
        assert is_enabled("dummy")
        assert is_enabled("dummy")
        assert site_state().generation == 1


def test_inside_a_request_nobody_who_asks_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), state_read_once():
        pass


def test_outside_a_request_each_question_reads_afresh():
    assert is_enabled("dummy")

    SiteState.objects.update_or_create(pk=1, defaults={"plugins": {"dummy": {"on": False}}})

    assert not is_enabled("dummy")


def test_a_request_sees_one_state_to_its_end():
    with state_read_once():
        assert is_enabled("dummy")
        SiteState.objects.update_or_create(pk=1, defaults={"plugins": {"dummy": {"on": False}}})
        assert is_enabled("dummy")
    assert not is_enabled("dummy")
