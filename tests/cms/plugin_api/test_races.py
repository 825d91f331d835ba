"""Two at once leave one state and one line in the log; without the lock they would not."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier

import pytest
from django.db import connection

from cms.plugin_api import is_enabled, services
from cms.plugin_api.models import PluginToggle, SiteState
from cms.plugin_api.services import plugin_toggle

AT_ONCE = 4
pytestmark = pytest.mark.django_db(transaction=True)


def switch_off_at_once() -> None:
    """Switch the dummy plugin off in several threads."""

    def switch(_number: int) -> None:
        try:
            plugin_toggle(slug="dummy", on=False, by=None)
        finally:
            connection.close()

    SiteState.objects.get_or_create(pk=1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(switch, range(AT_ONCE)))


def test_several_at_once_leave_one_state_and_one_line():
    switch_off_at_once()

    assert not is_enabled("dummy")
    assert PluginToggle.objects.count() == 1


def test_without_the_lock_they_would_leave_a_line_each(monkeypatch):
    everybody_has_read = Barrier(AT_ONCE, timeout=10)
    monkeypatch.setattr(services.transaction, "atomic", nullcontext)
    monkeypatch.setattr(services, "_impact_for_the_log", lambda plugin: everybody_has_read.wait() and [])

    switch_off_at_once()

    assert PluginToggle.objects.count() == AT_ONCE
