"""What is announced: where it is read, from when to when, and what it costs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.announcements import selectors
from cms.announcements.enums import Level, Standing
from cms.announcements.models import Announcement
from cms.calendar import TOKYO
from cms.site.storage import page_cache
from cms.theming.themes import theme_names
from tests.factories.accounts import UserFactory
from tests.factories.announcements import AnnouncementFactory
from tests.factories.pages import SectionPageFactory, home_page

NOON = datetime(2010, 2, 1, 12, 0, tzinfo=TOKYO)
TEXT = "6月9日の役員会は、会場を変更しました。"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the association's clock: `clock(moment)`."""
    return lambda moment: monkeypatch.setattr("cms.calendar.clock.now", lambda: moment)


@pytest.mark.django_db
@pytest.mark.parametrize("theme", theme_names())
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/about/", 200), ("/nowhere/", 404), ("/accounts/login/", 200), ("/search/", 200), ("/code/", 200)],
)
def test_announcement_is_on_every_page_of_every_theme(
    client: Client, settings: LazySettings, theme: str, path: str, status: int
) -> None:
    settings.CMS_THEME = theme
    SectionPageFactory(parent=home_page(), slug="about")
    AnnouncementFactory(level=Level.URGENT)

    response = client.get(path)

    html = response.content.decode()
    assert response.status_code == status
    assert html.count(f">{TEXT}</span>") == 1
    assert '<section class="announcements" aria-label="お知らせ">' in html
    assert html.index("skip-link") < html.index(TEXT) < html.index("<main")


@pytest.mark.django_db
def test_announcement_is_on_the_page_that_refuses(client: Client) -> None:
    client.force_login(UserFactory())
    AnnouncementFactory()

    response = client.get("/admin/")

    assert response.status_code == 403
    assert TEXT in response.content.decode()


@pytest.mark.django_db
def test_most_urgent_comes_first_and_says_its_level_in_words(client: Client) -> None:
    home_page()
    for level in Level:
        AnnouncementFactory(level=level, text=f"段階{level.value}")

    html = client.get("/").content.decode()

    assert html.index("段階3") < html.index("段階2") < html.index("段階1")
    assert all(f'announcement__level">{word}</strong>' in html for word in ("緊急", "重要", "お知らせ"))


@pytest.mark.django_db
def test_nothing_is_announced_before_its_time_and_after_it(client: Client) -> None:
    home_page()
    AnnouncementFactory(starts_at=NOON, ends_at=NOON + timedelta(days=1))  # of 2010

    html = client.get("/").content.decode()

    assert "announcements" not in html


@pytest.mark.django_db
def test_announcement_begins_and_ends_to_the_second_without_any_change(clock: Callable[[datetime], None]) -> None:
    AnnouncementFactory(starts_at=NOON, ends_at=NOON + timedelta(hours=1))

    def shown(moment: datetime) -> bool:
        return bool(selectors.shown_announcements(at=moment))

    clock(NOON - timedelta(hours=1))
    second = timedelta(seconds=1)
    assert [shown(NOON - second), shown(NOON)] == [False, True]
    assert [shown(NOON + timedelta(hours=1) - second), shown(NOON + timedelta(hours=1))] == [True, False]


@pytest.mark.django_db
def test_pages_ask_nothing_more_for_announcements(client: Client, django_assert_num_queries: Any) -> None:
    SectionPageFactory(parent=home_page(), slug="about")
    client.get("/about/")
    with CaptureQueriesContext(connection) as without:
        client.get("/about/")
    number = len(without)

    AnnouncementFactory.create_batch(3)
    client.get("/about/")  # reads them once for this generation

    with django_assert_num_queries(number):
        assert TEXT in client.get("/about/").content.decode()


def test_kept_page_is_not_served_beyond_the_next_change(
    transactional_db: None,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    clock: Callable[[datetime], None],
) -> None:
    settings.PAGE_CACHE = True
    home_page()
    AnnouncementFactory(starts_at=NOON + timedelta(minutes=20), ends_at=NOON + timedelta(minutes=30))
    AnnouncementFactory(starts_at=NOON - timedelta(minutes=10), ends_at=NOON + timedelta(hours=1))
    kept: list[float] = []
    monkeypatch.setattr(page_cache, "keep", lambda key, page, seconds: kept.append(seconds))

    for minutes in (0, 25, 45, 70):
        clock(NOON + timedelta(minutes=minutes))
        Client().get("/")

    midnight = 12 * 3600 - 70 * 60
    assert kept == [20 * 60, 5 * 60, 15 * 60, midnight]


def test_visitor_reads_a_new_announcement_at_once_and_no_withdrawn_one(
    transactional_db: None, settings: LazySettings
) -> None:
    settings.PAGE_CACHE = True
    home_page()
    visitor = Client()
    assert TEXT not in visitor.get("/").content.decode()

    announcement = AnnouncementFactory()
    assert TEXT in visitor.get("/").content.decode()

    announcement.delete()
    assert TEXT not in visitor.get("/").content.decode()


@pytest.mark.django_db
def test_readers_of_english_get_english_or_japanese_marked_as_such(client: Client) -> None:
    home_page()
    AnnouncementFactory(text_en="The room has changed.", text="会場変更")
    AnnouncementFactory(text="英語のないお知らせ", link="/news/")
    client.cookies["kairan_language"] = "en"

    html = client.get("/").content.decode()

    assert '<span class="announcement__text">The room has changed.</span>' in html
    assert '<span class="announcement__text" lang="ja">英語のないお知らせ</span>' in html
    assert "会場変更" not in html


@pytest.mark.postgres
@pytest.mark.django_db
def test_database_refuses_an_end_that_is_not_after_the_start() -> None:
    for ends_at in (NOON, NOON - timedelta(hours=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnnouncementFactory(starts_at=NOON, ends_at=ends_at)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//elsewhere.example", "www.example.jp", "/a b", "data:x"])
def test_link_is_an_address_and_nothing_else(link: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Announcement(text="x", link=link, ends_at=NOON).clean_fields()

    assert list(refusal.value.error_dict) == ["link"]


@pytest.mark.parametrize("link", ["/", "/news/a/", "https://example.jp/a?b#c", "http://example.jp"])
def test_addresses_of_this_site_and_of_the_web_are_taken(link: str) -> None:
    Announcement(text="x", link=link, ends_at=NOON).clean_fields()


@pytest.mark.django_db
def test_text_is_escaped(client: Client) -> None:
    home_page()
    AnnouncementFactory(text="<script>alert(1)</script>", link='/"onclick="alert(1)')

    html = client.get("/").content.decode()

    assert "<script>alert(1)" not in html
    assert '"onclick="' not in html


def test_standing_follows_the_period() -> None:
    announcement = Announcement(starts_at=NOON, ends_at=NOON + timedelta(hours=1))

    found = [announcement.standing(NOON + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60)]

    assert found == [Standing.COMING, Standing.SHOWN, Standing.SHOWN, Standing.OVER]
