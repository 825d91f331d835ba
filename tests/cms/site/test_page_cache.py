"""Answers to visitors, kept by generation: what is kept, what never is, and that nothing is ever out of date."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as RedisConnectionError

from cms.plugin_api.models import SiteState
from cms.plugin_api.services import plugin_toggle
from cms.site import services
from cms.site.middleware import PageCacheMiddleware
from cms.site.storage.page_cache import GENERATION_KEY
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory, home_page

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _page_cache(settings: LazySettings) -> None:
    settings.PAGE_CACHE = True


class Site:
    """A site of one view that counts how often it was asked."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse] | None = None) -> None:
        self.asked = 0
        self.answer = answer or (lambda request: HttpResponse(f"{request.get_full_path()} {self.asked}"))
        self.middleware = PageCacheMiddleware(self._view)

    def _view(self, request: HttpRequest) -> HttpResponse:
        self.asked += 1
        return self.answer(request)

    def get(self, path: str = "/", **extra: Any) -> HttpResponse:
        return self.middleware(RequestFactory().get(path, **extra))


@pytest.fixture
def site(transactional_db: None) -> Site:
    return Site()


def asked_twice(site: Site, **extra: Any) -> bool:
    site.get(**extra)
    site.get(**extra)
    return site.asked == 2


def test_answer_of_another_release_is_never_given(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its templates were others, and its styles may be gone."""
    site.get()
    monkeypatch.setattr("cms.site.middleware.running_release", lambda: "the next one")
    newer = Site()

    newer.get()
    newer.get()

    assert newer.asked == 1


def test_second_visitor_gets_same_bytes_without_query(site: Site) -> None:
    first = site.get()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        second = site.get()

    assert second.content == first.content
    assert second.headers == first.headers
    assert site.asked == 1
    assert len(queries) == 0


def test_hit_costs_one_round_trip(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.get()
    trips: list[str] = []
    for name in ("get", "get_many", "set", "add", "delete"):
        monkeypatch.setattr(LocMemCache, name, _counted(name, getattr(LocMemCache, name), trips))

    site.get()

    assert trips[0] == "get_many"
    # LocMemCache itself asks for each key in turn; what counts is that we ask once.
    assert set(trips[1:]) == {"get"}
    assert len(trips) == 3


def _counted(name: str, method: Callable[..., Any], trips: list[str]) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        trips.append(name)
        return method(*args, **kwargs)

    return counted


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/other/", {}),
        ("/?page=2", {}),
        ("/", {"HTTP_HOST": "localhost"}),
        ("/", {"HTTP_COOKIE": "kairan_language=en"}),
        ("/", {"secure": True}),
    ],
)
def test_other_page_host_or_language_has_its_own_answer(site: Site, path: str, extra: dict[str, Any]) -> None:
    site.get("/")

    site.get(path, **extra)

    assert site.asked == 2


def test_unknown_cookie_or_language_shares_the_answer(site: Site) -> None:
    site.get()
    site.get(HTTP_COOKIE="kairan_language=xx; somebodys=1", HTTP_ACCEPT_LANGUAGE="en")

    assert site.asked == 1


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "messages=abc"},
        {"HTTP_AUTHORIZATION": "Bearer abc"},
        {"path": "/admin/"},
        {"path": "/accounts/login/"},
    ],
)
def test_person_and_private_area_are_never_answered_from_cache(site: Site, extra: dict[str, Any]) -> None:
    assert asked_twice(site, **extra)


def test_post_is_never_answered_from_cache(site: Site) -> None:
    site.get()
    site.middleware(RequestFactory().post("/"))

    assert site.asked == 2


def test_answer_for_person_is_private(site: Site) -> None:
    assert site.get(HTTP_COOKIE="sessionid=abc")["Cache-Control"] == "private, no-cache"


def _with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("")
    response.set_cookie("a", "b")
    return response


def _with_csrf(request: HttpRequest) -> HttpResponse:
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return HttpResponse("")


def _with_nonce(request: HttpRequest) -> HttpResponse:
    request._csp_nonce = "abc"  # type: ignore[attr-defined]  # as django-csp keeps it
    return HttpResponse("")


@pytest.mark.parametrize(
    "answer",
    [
        _with_cookie,
        _with_csrf,
        _with_nonce,
        lambda request: HttpResponse("", status=404),
        lambda request: HttpResponse("", status=500),
        lambda request: HttpResponse("", status=302),
        lambda request: HttpResponse("", headers={"Cache-Control": "private"}),
        lambda request: HttpResponse("", headers={"Vary": "HX-Request"}),
    ],
)
def test_what_is_somebodys_own_or_no_page_is_not_kept(
    transactional_db: None, answer: Callable[[HttpRequest], HttpResponse]
) -> None:
    assert asked_twice(Site(answer))


def test_browser_that_has_the_answer_gets_304_warm_and_cold(site: Site) -> None:
    tag = site.get()["ETag"]

    warm = site.get(HTTP_IF_NONE_MATCH=tag)
    cache.clear()
    site.asked = 0
    cold = site.get(HTTP_IF_NONE_MATCH=tag)

    assert (warm.status_code, warm.content) == (304, b"")
    assert (cold.status_code, cold.content) == (304, b"")
    assert "Cookie" in warm["Vary"]
    assert site.asked == 1


def test_other_answer_is_no_304(site: Site) -> None:
    site.get()

    assert site.get(HTTP_IF_NONE_MATCH='"another"').status_code == 200


def test_change_is_seen_as_soon_as_it_commits_and_not_before(site: Site) -> None:
    site.get()

    with transaction.atomic():
        services.content_changed()
        site.get()
        inside = site.asked
    site.get()

    assert inside == 1
    assert site.asked == 2


def test_change_that_rolls_back_keeps_the_answer(site: Site) -> None:
    site.get()

    with transaction.atomic():
        services.content_changed()
        transaction.set_rollback(True)
    site.get()

    assert site.asked == 1


def test_answer_begun_before_a_change_is_not_used_after_it(transactional_db: None) -> None:
    """A page is being made while an editor publishes: what was read before must not be served afterwards."""
    site = Site()

    def slow(request: HttpRequest) -> HttpResponse:
        if site.asked == 1:
            services.content_changed()
        return HttpResponse(str(site.asked))

    site.answer = slow
    site.get()

    assert site.get().content == b"2"


def test_generation_read_before_a_change_is_not_put_back_after_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading of the generation and its copying into the cache, a change commits."""
    site.get()
    cache.delete(GENERATION_KEY)
    real_set = LocMemCache.set

    def late_set(self: LocMemCache, key: str, *args: Any, **kwargs: Any) -> None:
        if key == GENERATION_KEY:
            monkeypatch.undo()
            services.content_changed()
        real_set(self, key, *args, **kwargs)

    monkeypatch.setattr(LocMemCache, "set", late_set)
    site.get()
    site.get()

    assert site.asked == 2
    assert cache.get(GENERATION_KEY) == SiteState.objects.get().generation


@pytest.mark.parametrize("error", [RedisConnectionError("gone"), OperationalError("gone"), OSError("gone")])
def test_dead_cache_costs_speed_and_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def dead(*args: Any, **kwargs: Any) -> None:
        raise error

    for name in ("get_many", "set", "delete"):
        monkeypatch.setattr(LocMemCache, name, dead)
    services.content_changed()

    assert asked_twice(site)


def test_cache_that_comes_back_has_no_answer_from_before(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that could not be told to the cache is found out when the generation's copy expires."""
    site.get()

    def dead(*args: Any, **kwargs: Any) -> None:
        raise RedisConnectionError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(LocMemCache, "delete", dead)
        services.content_changed()
    cache.delete(GENERATION_KEY)  # a minute later
    site.get()

    assert site.asked == 2


@pytest.fixture
def kept_for(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The seconds for which answers were kept."""
    seconds: list[float] = []
    monkeypatch.setattr("cms.site.storage.page_cache.keep", lambda key, page, seconds: kept.append(seconds))
    kept = seconds
    return seconds


def test_nothing_is_kept_past_midnight_in_japan(
    site: Site, kept_for: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.calendar.clock.now", lambda: datetime(2010, 2, 1, 23, 59, tzinfo=TOKYO))

    site.get()

    assert kept_for == [60]


def test_view_may_say_that_its_answer_is_right_for_less(
    transactional_db: None, kept_for: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2010, 2, 1, 12, 0, tzinfo=TOKYO)
    monkeypatch.setattr("cms.calendar.clock.now", lambda: noon)

    def until_one(request: HttpRequest) -> HttpResponse:
        request.answer_right_until = noon + timedelta(hours=1)  # type: ignore[attr-defined]  # the cache reads it
        return HttpResponse("")

    Site(until_one).get()

    assert kept_for == [3600]


def test_draft_does_not_empty_the_cache(transactional_db: None) -> None:
    page = SectionPageFactory(parent=home_page())
    before = SiteState.objects.get().generation

    page.title = "下書き"
    page.save_revision()

    assert SiteState.objects.get().generation == before


def test_toggle_of_plugin_is_seen_at_once(site: Site) -> None:
    site.get()

    plugin_toggle(slug="dummy", on=False, by=None)
    site.get()

    assert site.asked == 2


def test_publishing_moving_and_taking_down_are_seen_at_once(transactional_db: None) -> None:
    home = home_page()
    page = SectionPageFactory(parent=home, title="前の題", slug="about")
    visitor = Client()
    assert "前の題" in visitor.get("/about/").content.decode()

    page.title = "後の題"
    page.save_revision()
    assert "前の題" in visitor.get("/about/").content.decode()
    page.get_latest_revision().publish()
    assert "後の題" in visitor.get("/about/").content.decode()

    other = SectionPageFactory(parent=home, title="別の頁", slug="other")
    page.move(other, "last-child")
    assert visitor.get("/about/").headers["Location"] == "/other/about/"
    assert visitor.get("/other/about/").status_code == 200

    page.refresh_from_db()
    page.unpublish()
    assert visitor.get("/other/about/").status_code == 404


def test_person_with_session_sees_the_site_afresh(transactional_db: None) -> None:
    SectionPageFactory(parent=home_page(), slug="about")
    Client().get("/about/")
    person = Client()
    person.force_login(UserFactory(last_name="田中", first_name="一郎"))

    assert "田中" in person.get("/about/").content.decode()
    assert "田中" not in Client().get("/about/").content.decode()
