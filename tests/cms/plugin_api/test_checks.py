"""Each mistake in a manifest is named, with what to do about it."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from wagtail import hooks as wagtail_hooks
from wagtail.models import Page

from cms.plugin_api import checks
from cms.plugin_api.registry import get_plugin
from tests.dummy_plugin import contrib, tasks

DUMMY = type(get_plugin("dummy"))


def found() -> dict[str, str]:
    """Return the messages of the plugin checks by id."""
    return {message.id: message.msg for message in run_checks(tags=[checks.TAG])}


def test_the_dummy_plugin_is_clean():
    assert found() == {}


@pytest.mark.parametrize(
    ("attribute", "value", "number", "named"),
    [
        ("version", "", "E001", "version"),
        ("api", ">=2", "E002", ">=2"),
        ("api", "nonsense", "E002", "nonsense"),
        ("requires", ("nowhere",), "E003", "nowhere"),
        ("requires", ("dummy",), "E004", "dummy → dummy"),
        ("contributions", {"menu_itmes": "tests.dummy_plugin.contrib:menu_items"}, "E005", "menu_itmes"),
        ("receivers", {"plugin_toggeld": "tests.dummy_plugin.contrib:plugin_toggled"}, "E005", "plugin_toggeld"),
        ("contributions", {"menu_items": "tests.dummy_plugin.contrib:nothing"}, "E006", "nothing"),
        ("contributions", {"menu_items": "tests.dummy_plugin.contrib:page_sidebar"}, "E007", "contrib.py:"),
        ("contributions", {"membership": "tests.dummy_plugin.contrib:menu_items"}, "E007", "membership"),
        ("slug", "admin", "E008", "/admin/"),
        ("blocks", {"greeting": "tests.dummy_plugin.blocks:GreetingBlock"}, "E010", "greeting"),
    ],
)
def test_a_mistake_in_the_manifest_is_named(monkeypatch, attribute, value, number, named):
    monkeypatch.setattr(DUMMY, attribute, value)

    messages = found()

    assert named in messages[f"plugin_api.{number}"]


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_a_file_in_the_place_of_somebody_elses_is_named(monkeypatch, tmp_path, kind):
    (tmp_path / kind / "pages").mkdir(parents=True)
    (tmp_path / kind / "dummy").mkdir()
    monkeypatch.setattr(get_plugin("dummy"), "path", str(tmp_path))

    assert f"{kind}/pages" in found()["plugin_api.E014"]


def test_a_page_type_that_nothing_closes_is_named(monkeypatch):
    class Open(Page):
        class Meta:
            app_label = "dummy"
            abstract = True

    monkeypatch.setattr(checks.apps, "get_models", lambda **given: [Open])
    monkeypatch.setattr(checks, "owner_of", lambda model: "dummy")

    assert "Open" in found()["plugin_api.E009"]


def test_a_task_that_the_job_runner_does_not_see_is_named(monkeypatch):
    at_once = tasks.tidy.using(backend="default")
    monkeypatch.setattr(checks, "plugin_tasks", lambda plugin: [at_once] if plugin.slug == "dummy" else [])

    assert "tasks.tidy" in found()["plugin_api.E012"]


def test_an_action_in_histories_that_is_not_named_after_the_plugin_is_named(monkeypatch):
    def register_actions(actions):
        actions.register_action("tidy", "Tidy", "Tidied")

    register_actions.__module__ = contrib.__name__
    monkeypatch.setitem(wagtail_hooks._hooks, "register_log_actions", [(register_actions, 0)])

    assert "'tidy'" in found()["plugin_api.E016"]


def test_a_second_provider_of_a_capability_is_named(monkeypatch, everybody_is_member):
    class Rival(DUMMY):
        slug = "rival"
        contributions = {"membership": "tests.dummy_plugin.contrib:EverybodyIsMember"}

    rivals = (get_plugin("dummy"), Rival("tests.dummy_plugin", get_plugin("dummy").module))
    monkeypatch.setattr(checks, "installed_plugins", lambda: rivals)

    assert "so does" in found()["plugin_api.E013"]


def test_a_hook_registered_around_the_guard_is_named():
    def sneak(request, panels): ...

    sneak.__module__ = contrib.__name__

    with wagtail_hooks.register_temporarily("construct_homepage_panels", sneak):
        assert "sneak" in found()["plugin_api.E011"]


def test_checking_reads_no_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        call_command("check", tags=[checks.TAG])
