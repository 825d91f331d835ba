"""Extension points: who is asked, and what a mistake does."""

from datetime import date

import pytest

from cms.plugin_api import errors
from cms.plugin_api.models import ContributionError
from cms.plugin_api.points import CalendarQuery, calendar_entries, menu_items, points
from cms.plugin_api.state import state_read_once
from tests.dummy_plugin import contrib

pytestmark = pytest.mark.django_db
QUERY = CalendarQuery(start=date(2009, 4, 1), end=date(2010, 3, 31))


def test_plugins_that_are_on_are_asked():
    assert "Dummy day" in [entry.title for entry in calendar_entries.collect(QUERY)]


def test_plugins_that_are_off_are_not(dummy_off):
    assert "Dummy day" not in [entry.title for entry in calendar_entries.collect(QUERY)]


def test_a_receiver_that_raises_is_recorded_and_gives_nothing(monkeypatch):
    def fail():
        raise RuntimeError("no menu today")

    monkeypatch.setattr(contrib, "menu_items", fail)

    assert "Dummy" not in [str(item.title) for item in menu_items.collect()]
    error = ContributionError.objects.get()
    assert (error.plugin, error.place, error.exception) == ("dummy", "point menu_items", "RuntimeError")
    assert error.message == "no menu today"


def test_a_generator_that_raises_half_way_gives_nothing_at_all(monkeypatch):
    def fail():
        yield from ()
        raise RuntimeError("late")

    monkeypatch.setattr(contrib, "menu_items", fail)

    assert "Dummy" not in [str(item.title) for item in menu_items.collect()]
    assert ContributionError.objects.get().message == "late"


def test_the_same_error_again_is_counted(monkeypatch):
    def fail():
        raise RuntimeError("again")

    monkeypatch.setattr(contrib, "menu_items", fail)

    monkeypatch.setattr(errors, "SECONDS_BETWEEN_WRITES", 0)

    menu_items.collect()
    menu_items.collect()

    assert ContributionError.objects.get().count == 2


def test_the_same_error_at_every_visit_is_not_a_write_at_every_visit(monkeypatch, django_assert_num_queries):
    def fail():
        raise RuntimeError("always")

    monkeypatch.setattr(contrib, "menu_items", fail)
    menu_items.collect()

    with state_read_once(), django_assert_num_queries(1):  # the state
        for _visit in range(5):
            menu_items.collect()
    monkeypatch.setattr(errors, "SECONDS_BETWEEN_WRITES", 0)
    menu_items.collect()

    assert ContributionError.objects.get().count == 7


@pytest.mark.parametrize("name", sorted(points))
def test_every_point_is_documented(name):
    assert points[name].__doc__
