"""The home page: what is new there, for how long, and what stands at its head."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.calendar import TOKYO, today
from cms.pages.models import HomePage, NewsIndexPage, NewsPage
from cms.plugin_api.services import plugin_toggle
from cms.site.storage import page_cache
from tests.factories.pages import MeetingIndexPageFactory, MeetingPageFactory, NewsIndexPageFactory, NewsPageFactory
from tests.factories.pages import home_page as make_home_page

pytestmark = pytest.mark.django_db
NOON = datetime(2010, 2, 1, 12, 0, tzinfo=TOKYO)
NEW = '<span class="new">新着</span>'
SetClock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the association's clock; it begins at noon of 1 February 2010."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("cms.calendar.clock.timezone", SimpleNamespace(now=lambda: moment))

    set_to(NOON)
    return set_to


@pytest.fixture
def home(clock: SetClock) -> HomePage:
    """Without the dummy plugin, which always has a date to show."""
    plugin_toggle(slug="dummy", on=False, by=None)
    return make_home_page()


@pytest.fixture
def index(home: HomePage) -> NewsIndexPage:
    return NewsIndexPageFactory(parent=home)


def front() -> str:
    return Client().get("/").content.decode()


@pytest.mark.parametrize(
    ("days", "dated", "is_new"),
    [
        (14, date(2010, 2, 1), True),
        (14, date(2010, 1, 19), True),
        (14, date(2010, 1, 18), False),
        (1, date(2010, 1, 31), False),
        (0, date(2010, 2, 1), False),
        (14, date(2010, 2, 2), False),
    ],
)
def test_news_is_marked_as_new_for_as_long_as_editors_say(
    home: HomePage, index: NewsIndexPage, days: int, dated: date, is_new: bool
) -> None:
    home.new_for_days = days
    home.save()
    NewsPageFactory(parent=index, date=dated)

    assert (NEW in front()) is is_new


def test_mark_goes_at_midnight_in_japan(index: NewsIndexPage, clock: SetClock) -> None:
    NewsPageFactory(parent=index, date=date(2010, 2, 1))

    clock(datetime(2010, 2, 14, 23, 59, 59, tzinfo=TOKYO))
    before = NEW in front()
    clock(datetime(2010, 2, 15, 0, 0, tzinfo=TOKYO))

    assert before
    assert NEW not in front()


def test_news_leaves_the_home_page_after_its_last_day_and_stays_in_the_list(
    index: NewsIndexPage, clock: SetClock
) -> None:
    NewsPageFactory(parent=index, title="募集中です", home_until=date(2010, 2, 3))

    clock(datetime(2010, 2, 3, 23, 59, tzinfo=TOKYO))
    assert "募集中です" in front()
    clock(datetime(2010, 2, 4, 0, 0, tzinfo=TOKYO))

    assert "募集中です" not in front()
    assert "募集中です" in Client().get("/news/").content.decode()


def test_expired_news_is_gone_on_time_though_no_worker_ran(index: NewsIndexPage, clock: SetClock) -> None:
    NewsPageFactory(parent=index, title="本日まで", expire_at=NOON + timedelta(minutes=5))
    assert "本日まで" in front()

    clock(NOON + timedelta(minutes=5))

    assert "本日まで" not in front()


def test_kept_home_page_does_not_outlive_the_news_on_it(
    transactional_db: None,
    index: NewsIndexPage,
    settings: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.PAGE_CACHE = True
    kept: list[float] = []
    monkeypatch.setattr(page_cache, "keep", lambda key, page, seconds: kept.append(seconds))
    NewsPageFactory(parent=index, expire_at=NOON + timedelta(minutes=5))
    NewsPageFactory(parent=index, expire_at=NOON + timedelta(minutes=50))

    front()

    assert kept == [300]


def test_next_date_stands_at_the_head_and_once(home: HomePage) -> None:
    meetings = MeetingIndexPageFactory(parent=home)
    for number, days in ((1, 9), (2, 30)):
        start = NOON + timedelta(days=days)
        MeetingPageFactory(
            parent=meetings, number=number, title=f"第{number}回", start=start, end=start + timedelta(hours=1)
        )

    html = front()

    head = html[html.index('class="hero"') : html.index('class="home__columns"')]
    assert "次の開催" in head
    assert "第1回" in head
    assert html.count(">第1回</a>") == 1
    assert "第2回" not in head


def test_home_page_without_anything_has_a_head_and_no_empty_box(home: HomePage) -> None:
    html = front()

    assert html.count("<h1>") == 1
    assert "hero__card" not in html
    assert "<h2" not in html


def test_days_have_a_limit(home: HomePage) -> None:
    home.new_for_days = 400

    with pytest.raises(ValidationError) as refusal:
        home.full_clean()

    assert list(refusal.value.error_dict) == ["new_for_days"]


def test_address_of_news_is_proposed_from_the_day(home: HomePage) -> None:
    index = NewsIndexPageFactory(parent=home)
    proposed = []
    for _number in range(3):
        proposed.append(NewsPage.initial_values(index)["slug"])
        NewsPageFactory(parent=index, slug=proposed[-1])

    day = f"{today():%Y%m%d}"
    assert proposed == [day, f"{day}-2", f"{day}-3"]
