"""Tasks of plugins: all are known, none runs while its plugin is off."""

import pytest

from cms.jobs.tasks import run_job
from cms.plugin_api.models import ContributionError, SiteState
from cms.plugin_api.registry import get_plugin
from cms.plugin_api.tasks import plugin_tasks, reason_to_skip
from tests.dummy_plugin import tasks
from tests.dummy_plugin.models import Thing

pytestmark = pytest.mark.django_db
TIDY = "tests.dummy_plugin.tasks.tidy"


def test_every_task_of_a_plugin_is_found():
    assert [task.module_path for task in plugin_tasks(get_plugin("dummy"))] == [TIDY]


def test_a_task_runs_while_its_plugin_is_on():
    run_job(TIDY)

    assert Thing.objects.filter(name="tidied").count() == 1


def test_a_task_is_skipped_with_the_reason_while_its_plugin_is_off(dummy_off):
    assert run_job(TIDY) == "skipped: the plugin 'dummy' is off"
    assert not Thing.objects.exists()


def test_a_task_that_raises_is_recorded_and_fails_as_ever(monkeypatch):
    def fail(**given):
        raise RuntimeError("no broom")

    monkeypatch.setattr(tasks.Thing.objects, "create", fail)

    with pytest.raises(RuntimeError, match="no broom"):
        run_job(TIDY)
    error = ContributionError.objects.get()
    assert (error.plugin, error.place, error.message) == ("dummy", f"task {TIDY}", "no broom")


def test_a_task_that_is_not_there_is_recorded():
    with pytest.raises(ImportError):
        run_job("tests.dummy_plugin.tasks.sweep")
    assert ContributionError.objects.get().place == "task tests.dummy_plugin.tasks.sweep"


def test_a_task_of_the_core_that_raises_is_nobodys():
    with pytest.raises(ImportError):
        run_job("cms.jobs.tasks.sweep")
    assert not ContributionError.objects.exists()


@pytest.mark.parametrize("path", ["plugins.gone.tasks.send", "kairan_gone.tasks.send"])
def test_a_task_whose_code_is_gone_is_skipped(path):
    SiteState.objects.update_or_create(pk=1, defaults={"known_plugins": ["kairan_gone"]})

    assert reason_to_skip(path) == "its plugin is not installed"


def test_the_cores_tasks_run():
    assert reason_to_skip("cms.jobs.tasks.clear_sessions") is None
