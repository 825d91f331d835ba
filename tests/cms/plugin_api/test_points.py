"""Extension points: who is asked, and what a mistake does."""

from datetime import UTC, date, datetime

import pytest

from cms.accounts.models import Organisation
from cms.plugin_api import errors
from cms.plugin_api.models import ContributionError
from cms.plugin_api.points import (
    AwaitedAnswer,
    CalendarEntry,
    CalendarQuery,
    CornerNews,
    MenuItem,
    ToDo,
    audiences,
    calendar_entries,
    demo_content,
    menu_items,
    points,
)
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


@pytest.mark.parametrize("given", [[None], ["Dummy"], 1], ids=repr)
def test_a_receiver_that_gives_something_else_is_recorded_and_gives_nothing(monkeypatch, given):
    monkeypatch.setattr(contrib, "menu_items", lambda: given)

    assert [item for item in menu_items.collect() if not isinstance(item, MenuItem)] == []
    assert ContributionError.objects.get().exception == "TypeError"


def test_a_point_that_takes_nothing_refuses_what_is_given(monkeypatch):
    monkeypatch.setattr(contrib, "demo_content", lambda context: ["something"])

    assert demo_content.collect(None) == []
    assert "something" in ContributionError.objects.get(plugin="dummy").message


@pytest.mark.parametrize(
    "give",
    [
        lambda time: CalendarEntry(uid="1@test", title="Naive", start=time),
        lambda time: AwaitedAnswer("Naive", "/", due=time),
        lambda time: CornerNews("Naive", "/", at=time),
    ],
)
def test_a_time_without_its_zone_is_refused_where_the_plugin_gives_it(give):
    with pytest.raises(ValueError, match="“Naive” must be aware"):
        give(datetime(2009, 6, 9, 11, 45))  # noqa: DTZ001 - the mistake itself


def test_a_moment_is_no_day_by_which_something_is_due():
    with pytest.raises(TypeError, match="give its day"):
        ToDo("Tidy up", "/", due=datetime(2009, 6, 9, 11, 45, tzinfo=UTC))


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


def test_an_audience_gives_who_is_meant_now():
    Organisation.objects.create(name="見本市連合", kind="other", email="joho@example.jp")
    Organisation.objects.create(name="手本広域連合", kind="other")
    audience = next(one for one in audiences.collect() if one.slug == "dummy.organisations")

    everybody, some = list(audience.addressees({})), list(audience.addressees({"begins": "見本"}))

    assert sorted(one.address for one in everybody) == ["", "joho@example.jp"]
    assert [(one.name, one.values["thing"]) for one in some] == [("見本市連合", "thing of 見本市連合")]
    assert audience.form is not None
    assert audience.form({}).is_valid()


def test_no_audience_is_offered_by_a_plugin_that_is_off(dummy_off):
    assert "dummy.organisations" not in [one.slug for one in audiences.collect()]
