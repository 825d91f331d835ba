"""Plugins against the database: not migrated, or gone though their content is here."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from cms.pages.models import SectionPage
from cms.plugin_api import remains
from cms.plugin_api.models import SiteState
from cms.plugin_api.services import plugins_remember
from tests.dummy_plugin.models import Thing

pytestmark = pytest.mark.django_db


def found(databases=("default",)):
    """Return the errors of the plugins' data checks by id."""
    messages = run_checks(tags=[Tags.database], databases=list(databases))
    return {message.id: message for message in messages if message.id.startswith("plugin_api")}


@pytest.fixture
def _gone(monkeypatch):
    """The dummy plugin's code is not there any more."""
    plugins_remember()
    monkeypatch.setattr(remains, "get_plugin", lambda slug: None)


def test_a_migrated_site_is_clean():
    assert found() == {}


def test_without_a_database_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        run_checks()


def test_what_is_not_migrated_is_named_in_one_sentence_with_the_remedy():
    MigrationRecorder(connection).record_unapplied("dummy", "0001_initial")
    MigrationRecorder(connection).record_unapplied("announcements", "0001_initial")

    error = found()["plugin_api.E020"]

    assert error.msg == "The database has not been migrated for announcements, dummy."
    assert "migrate" in error.hint


def test_migrate_runs_where_the_check_asks_for_it():
    MigrationRecorder(connection).record_unapplied("dummy", "0001_initial")

    call_command("migrate", "dummy", fake=True, verbosity=0)

    assert found() == {}


@pytest.mark.usefixtures("_gone")
def test_a_plugin_that_went_without_content_is_no_error():
    assert found() == {}


@pytest.mark.usefixtures("_gone")
def test_a_plugin_that_went_but_left_content_is_named_with_counts_and_both_remedies(dummy_page, home):
    Thing.objects.create(name="left")
    home.add_child(instance=SectionPage(title="Holds a block", body=[("dummy_greeting", {"text": "hello"})], live=True))

    error = found()["plugin_api.E021"]

    assert "'dummy'" in error.msg
    assert "(Pages: 1, Rows in its tables: 2, Other pages with its blocks: 1)" in error.msg
    assert "CMS_PLUGINS_DORMANT" in error.hint
    assert "delete its content" in error.hint


def test_plugins_that_were_ever_installed_are_remembered():
    SiteState.objects.update_or_create(pk=1, defaults={"known_plugins": ["gone"]})

    plugins_remember()

    assert {"gone", "dummy"} <= set(SiteState.objects.get().known_plugins)


def test_plugins_check_stops_on_an_error():
    ContentType.objects.clear_cache()
    MigrationRecorder(connection).record_unapplied("dummy", "0001_initial")

    with pytest.raises(CommandError, match=r"plugin_api\.E020"):
        call_command("plugins", "check")
