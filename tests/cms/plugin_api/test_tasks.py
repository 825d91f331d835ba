"""Tasks of plugins: all are known, none runs while its plugin is off."""

import pytest

from cms.jobs.tasks import run_job
from cms.plugin_api.models import SiteState
from cms.plugin_api.registry import get_plugin
from cms.plugin_api.tasks import plugin_tasks, reason_to_skip
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


@pytest.mark.parametrize("path", ["plugins.gone.tasks.send", "kairan_gone.tasks.send"])
def test_a_task_whose_code_is_gone_is_skipped(path):
    SiteState.objects.update_or_create(pk=1, defaults={"known_plugins": ["kairan_gone"]})

    assert reason_to_skip(path) == "its plugin is not installed"


def test_the_cores_tasks_run():
    assert reason_to_skip("cms.jobs.tasks.clear_sessions") is None
