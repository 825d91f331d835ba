"""Finding plugins while the settings load."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.plugin_api import loader
from cms.plugin_api.loader import plugin_apps


@pytest.fixture
def folder(tmp_path):
    """A folder with the plugins `alpha` and `beta`, and something that is none."""
    for name in ("beta", "alpha"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "apps.py").touch()
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_unset_means_every_plugin_in_the_folder(folder):
    assert plugin_apps(folder, None, []) == ["plugins.alpha", "plugins.beta"]


def test_only_the_named_ones_are_installed(folder):
    assert plugin_apps(folder, ["beta"], []) == ["plugins.beta"]


def test_dormant_ones_are_installed_too(folder):
    assert plugin_apps(folder, [], ["beta"]) == ["plugins.beta"]


@pytest.mark.parametrize(
    ("available", "dormant", "setting"), [(["gamma"], [], "CMS_PLUGINS"), (None, ["gamma"], "CMS_PLUGINS_DORMANT")]
)
def test_an_unknown_name_is_refused_in_one_sentence_that_says_what_there_is(folder, available, dormant, setting):
    with pytest.raises(ImproperlyConfigured) as caught:
        plugin_apps(folder, available, dormant)

    assert str(caught.value).startswith(f"{setting} names the plugin 'gamma'")
    assert str(caught.value).endswith("Available: alpha, beta.")


def test_what_is_named_as_available_and_as_dormant_is_refused(folder):
    with pytest.raises(ImproperlyConfigured, match="both name the plugin 'beta'"):
        plugin_apps(folder, ["alpha", "beta"], ["beta"])


def test_installed_packages_count(folder, monkeypatch):
    monkeypatch.setattr(loader, "packaged_plugins", lambda: {"aardvark": "aardvark.apps.Aardvark"})

    assert plugin_apps(folder, None, []) == ["aardvark.apps.Aardvark", "plugins.alpha", "plugins.beta"]


def test_a_slug_that_exists_twice_is_refused(folder, monkeypatch):
    monkeypatch.setattr(loader, "packaged_plugins", lambda: {"alpha": "other_alpha"})

    with pytest.raises(ImproperlyConfigured, match="'alpha' exists twice"):
        plugin_apps(folder, None, [])
