"""Events: told on commit, to plugins that are on, whatever one receiver does."""

import pytest
from django.db import transaction

from cms.plugin_api import events
from cms.plugin_api.events import PagePublished, PluginToggled, publish, subscribe
from cms.plugin_api.models import ContributionError
from tests.dummy_plugin import contrib

pytestmark = pytest.mark.django_db
EVENT = PagePublished(page_id=1)


@pytest.fixture(autouse=True)
def heard(monkeypatch) -> list:
    """What the dummy plugin has heard."""
    monkeypatch.setattr(contrib, "heard", [])
    monkeypatch.setattr(events, "_subscribers", {})
    return contrib.heard


def test_an_event_is_told_on_commit(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(EVENT)
        assert heard == []

    assert heard == [EVENT]


def test_an_event_of_a_transaction_that_is_rolled_back_is_never_told(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publish(EVENT)
        transaction.set_rollback(True)

    assert heard == []


def test_a_plugin_that_is_off_hears_nothing(heard, dummy_off, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(EVENT)

    assert heard == []


def test_a_receiver_that_raises_is_recorded_and_stops_nobody(monkeypatch, django_capture_on_commit_callbacks):
    def fail(event):
        raise RuntimeError("deaf")

    core_heard = []
    subscribe(PagePublished, fail)
    subscribe(PagePublished, core_heard.append)
    monkeypatch.setattr(contrib, "page_published", fail)

    with django_capture_on_commit_callbacks(execute=True):
        publish(EVENT)

    assert core_heard == [EVENT]
    assert ContributionError.objects.get().place == "event page_published"


def test_publishing_a_page_is_told(home, heard, dummy_page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        dummy_page.save_revision().publish()

    assert heard == [PagePublished(page_id=dummy_page.pk)]


def test_subscribing_twice_is_told_once(django_capture_on_commit_callbacks):
    told = []
    subscribe(PluginToggled, told.append)
    subscribe(PluginToggled, told.append)

    with django_capture_on_commit_callbacks(execute=True):
        publish(PluginToggled(slug="dummy", on=True))

    assert len(told) == 1
