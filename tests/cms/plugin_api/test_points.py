"""Extension points: who is asked, and what a mistake does."""

from datetime import date

import pytest

from cms.plugin_api.models import ContributionError
from cms.plugin_api.points import CalendarQuery, calendar_entries, menu_items, points
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

    menu_items.collect()
    menu_items.collect()

    assert ContributionError.objects.get().count == 2


@pytest.mark.parametrize("name", sorted(points))
def test_every_point_is_documented(name):
    assert points[name].__doc__
