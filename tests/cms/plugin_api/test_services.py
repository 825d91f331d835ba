"""Switching: log, refusals, what the plugin is told."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse_lazy

from cms.plugin_api import Impact, PluginState, is_enabled
from cms.plugin_api.models import ContributionError, PluginToggle, SiteState
from cms.plugin_api.registry import get_plugin
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.state import state_read_once
from tests.dummy_plugin import contrib
from tests.dummy_plugin.models import Thing

pytestmark = pytest.mark.django_db
DUMMY = type(get_plugin("dummy"))


def test_toggle_changes_the_state_and_raises_the_generation():
    plugin_toggle(slug="dummy", on=False, by=None)

    assert not is_enabled("dummy")
    assert SiteState.objects.get().generation == 2


def test_toggle_holds_within_the_same_request():
    with state_read_once():
        assert is_enabled("dummy")
        plugin_toggle(slug="dummy", on=False, by=None)
        assert not is_enabled("dummy")


def test_toggle_is_logged_with_person_states_and_impact(superuser):
    Thing.objects.create(name="one")

    plugin_toggle(slug="dummy", on=False, by=superuser)

    entry = PluginToggle.objects.get()
    assert (entry.plugin, entry.old, entry.new) == ("dummy", PluginState.ON, PluginState.OFF)
    assert (entry.by, entry.by_name) == (superuser, str(superuser))
    assert {"label": {"ja": "Things", "en": "Things"}, "count": 1} in entry.impact


def test_toggle_to_the_present_state_changes_and_logs_nothing():
    assert plugin_toggle(slug="dummy", on=True, by=None) is None
    assert not PluginToggle.objects.exists()
    assert SiteState.objects.get().generation == 1


def test_toggle_of_an_unknown_plugin_is_refused():
    with pytest.raises(ValidationError, match="nowhere"):
        plugin_toggle(slug="nowhere", on=True, by=None)


def test_toggle_of_a_dormant_plugin_is_refused(settings):
    settings.CMS_PLUGINS_DORMANT = ["dummy"]

    with pytest.raises(ValidationError, match="CMS_PLUGINS_DORMANT"):
        plugin_toggle(slug="dummy", on=True, by=None)


def test_enabling_without_a_requirement_is_refused_by_name(monkeypatch, dummy_off):
    monkeypatch.setattr(DUMMY, "requires", ("nowhere",))

    with pytest.raises(ValidationError, match="nowhere"):
        plugin_toggle(slug="dummy", on=True, by=None)


def test_enabling_what_only_waits_for_a_requirement_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(DUMMY, "requires", ("nowhere",))

    assert not is_enabled("dummy")
    with pytest.raises(ValidationError, match="nowhere"):
        plugin_toggle(slug="dummy", on=True, by=None)


def test_disabling_what_another_needs_is_refused_by_name(monkeypatch):
    monkeypatch.setattr("cms.plugin_api.services.dependents_of", lambda slug: (get_plugin("dummy"),))

    with pytest.raises(ValidationError, match="Dummy"):
        plugin_toggle(slug="dummy", on=False, by=None)
    assert is_enabled("dummy")


def test_a_plugin_may_refuse_to_go_on(monkeypatch, dummy_off):
    def refuse(self):
        raise ValidationError("not yet")

    monkeypatch.setattr(DUMMY, "on_enable", refuse)

    with pytest.raises(ValidationError, match="not yet"):
        plugin_toggle(slug="dummy", on=True, by=None)
    assert not is_enabled("dummy")


def test_a_broken_plugin_still_goes_off(monkeypatch):
    def fail(self):
        raise RuntimeError("broken")

    monkeypatch.setattr(DUMMY, "on_disable", fail)

    plugin_toggle(slug="dummy", on=False, by=None)

    assert not is_enabled("dummy")
    assert ContributionError.objects.get().message == "broken"


def test_a_plugin_that_cannot_count_still_goes_off(monkeypatch):
    def fail(self):
        raise RuntimeError("cannot count")

    monkeypatch.setattr(DUMMY, "impact", fail)

    plugin_toggle(slug="dummy", on=False, by=None)

    assert [line["count"] for line in PluginToggle.objects.get().impact] == [0]  # live pages, which the core counts
    assert ContributionError.objects.get().place == "impact"


@pytest.mark.postgres
@pytest.mark.parametrize("method", ["impact", "on_disable"])
def test_a_statement_that_the_database_refuses_does_not_keep_a_plugin_on(monkeypatch, method):
    def fail(self):
        Thing.objects.create(name="half done")
        connection.cursor().execute("SELECT 1 FROM nowhere")

    monkeypatch.setattr(DUMMY, method, fail)

    plugin_toggle(slug="dummy", on=False, by=None)

    assert not is_enabled("dummy")
    assert PluginToggle.objects.get().new == PluginState.OFF
    error = ContributionError.objects.get()
    assert (error.plugin, error.place) == ("dummy", method)
    assert "nowhere" in error.message
    assert not Thing.objects.exists()


def test_an_impact_that_no_log_can_keep_does_not_keep_a_plugin_on(monkeypatch):
    monkeypatch.setattr(DUMMY, "impact", lambda self: [Impact("Things", object(), reverse_lazy("dummy:index"))])

    plugin_toggle(slug="dummy", on=False, by=None)

    assert not is_enabled("dummy")
    assert ContributionError.objects.get().exception == "TypeError"


def test_toggle_is_told_on_commit_to_plugins_that_are_on(django_capture_on_commit_callbacks, dummy_off):
    contrib.heard.clear()

    with django_capture_on_commit_callbacks(execute=True):
        plugin_toggle(slug="dummy", on=True, by=None)

    assert [(event.slug, event.on) for event in contrib.heard] == [("dummy", True)]
