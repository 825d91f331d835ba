"""Signals: heard while the plugin is on, and a mistake in a receiver stops nobody."""

import pytest
from django.core.checks import run_checks
from django.core.signals import request_started
from django.db import connection, transaction
from django.db.models.signals import post_save
from wagtail.signals import page_published

from cms.plugin_api import checks
from cms.plugin_api.models import ContributionError
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.signals import receiver
from tests.dummy_plugin import contrib
from tests.dummy_plugin.models import Thing
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db


def of_plugin(function):
    """Make a function the dummy plugin's."""
    function.__module__ = contrib.__name__
    return function


@pytest.fixture
def connected():
    """Leave no receiver behind."""
    before = {signal: list(signal.receivers) for signal in (post_save, page_published, request_started)}
    yield
    for signal, receivers in before.items():
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()


@pytest.fixture
def heard(connected):
    """The names of the organisations of whose saving the dummy plugin has heard."""
    names = []
    receiver(post_save, sender="accounts.Organisation")(
        of_plugin(lambda instance, **given: names.append(instance.name))
    )
    return names


def test_a_receiver_hears_while_the_plugin_is_on_only(heard):
    OrganisationFactory(name="一")
    plugin_toggle(slug="dummy", on=False, by=None)
    OrganisationFactory(name="二")
    plugin_toggle(slug="dummy", on=True, by=None)
    OrganisationFactory(name="三")

    assert heard == ["一", "三"]


@pytest.mark.usefixtures("connected")
def test_a_receiver_that_raises_is_recorded_and_stops_nobody():
    def fail(**given):
        raise RuntimeError("deaf")

    receiver(post_save, sender="accounts.Organisation")(of_plugin(fail))

    assert OrganisationFactory().pk
    error = ContributionError.objects.get()
    assert (error.plugin, error.place, error.message) == ("dummy", "signal receiver fail", "deaf")


@pytest.mark.postgres
@pytest.mark.usefixtures("connected")
def test_a_receiver_with_a_refused_statement_leaves_the_others_transaction_whole():
    def fail(**given):
        Thing.objects.create(name="half done")
        connection.cursor().execute("SELECT 1 FROM nowhere")

    receiver(post_save, sender="accounts.Organisation")(of_plugin(fail))

    with transaction.atomic():
        kept = OrganisationFactory()

    assert type(kept).objects.filter(pk=kept.pk).exists()
    assert ContributionError.objects.get().place == "signal receiver fail"
    assert not Thing.objects.exists()


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("signal", [post_save, page_published, request_started])
def test_a_receiver_around_the_guard_is_named_at_start(signal):
    def sneak(**given): ...

    signal.connect(of_plugin(sneak), weak=False)

    found = {message.id: message.msg for message in run_checks(tags=[checks.TAG])}
    assert "sneak" in found["plugin_api.E015"]


@pytest.mark.usefixtures("connected")
def test_a_receiver_of_the_plugins_own_model_needs_no_guard():
    def own(**given): ...

    post_save.connect(of_plugin(own), sender=Thing, weak=False)

    assert run_checks(tags=[checks.TAG]) == []
