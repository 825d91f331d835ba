"""Throttling: strict by account, generous by address, and alive without its cache."""

import time

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import caches
from django.urls import reverse

from cms.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
ATTEMPTS = 5


@pytest.fixture(autouse=True)
def _fresh_cache():
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def person(db):
    return UserFactory(username="yamada", email="yamada@example.jp")


def log_in(client, login="yamada", password=PASSWORD, **extra):
    """Try to log in; return whether it worked."""
    client.cookies.clear()
    response = client.post(LOGIN, {"login": login, "password": password}, **extra)
    assert response.status_code in (200, 302), response.status_code
    return response.status_code == 302


def fail(client, times=ATTEMPTS, **extra):
    for _ in range(times):
        assert not log_in(client, password="wrong", **extra)


def test_account_is_closed_after_five_failures(client, person):
    fail(client)

    assert not log_in(client)


def test_four_failures_close_nothing(client, person):
    fail(client, times=ATTEMPTS - 1)

    assert log_in(client)


def test_closed_account_opens_after_five_minutes(client, person, monkeypatch):
    fail(client)
    later = time.time() + 301
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)

    assert log_in(client)


def test_forged_forwarded_for_gives_no_further_attempt(client, person):
    for number in range(ATTEMPTS):
        fail(client, times=1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")

    assert not log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.9")


def test_another_address_gives_no_further_attempt(client, person):
    fail(client)

    assert not log_in(client, REMOTE_ADDR="203.0.113.9")


def test_good_login_in_between_gives_no_further_attempt(client, person):
    UserFactory(username="mallory")
    for _ in range(ATTEMPTS):
        fail(client, times=1)
        assert log_in(client, login="mallory")

    assert not log_in(client)


def test_own_good_login_in_between_gives_no_further_attempt(client, person):
    for _ in range(ATTEMPTS - 1):
        fail(client, times=1)
        assert log_in(client)
    fail(client, times=1)

    assert not log_in(client)


@pytest.mark.parametrize("login", ["YAMADA", "ｙａｍａｄａ", " yamada ", "yamada@example.jp", "Yamada@Example.JP"])
def test_other_spelling_of_the_account_gives_no_further_attempt(client, person, login):
    fail(client)

    assert not log_in(client, login=login)


def test_unknown_account_is_closed_just_so(client, person):
    fail(client, login="nobody")
    unknown = client.post(LOGIN, {"login": "nobody", "password": "wrong"})
    fail(client)
    known = client.post(LOGIN, {"login": "yamada", "password": "wrong"})

    errors = [list(response.context["form"].non_field_errors()) for response in (unknown, known)]

    assert errors[0] == errors[1] != []


def test_three_hundred_people_behind_one_address_log_in(client, django_assert_max_num_queries):
    people = User.objects.bulk_create([User(username=f"p{number}", email="") for number in range(300)])
    password = UserFactory().password
    User.objects.update(password=password)
    mistyping = {person.username for person in people[::30]}

    refused = []
    for person in people:
        if person.username in mistyping:
            fail(client, times=1, login=person.username)
        if not log_in(client, login=person.username):
            refused.append(person.username)

    assert len(mistyping) == 10
    assert refused == []


def test_address_that_tries_many_accounts_is_closed(client, settings, person):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "5/5m/key,8/5m/ip"}
    for number in range(8):
        fail(client, times=1, login=f"guess-{number}")

    assert not log_in(client)
    assert log_in(client, REMOTE_ADDR="203.0.113.9")


def test_network_of_one_ipv6_connection_that_tries_many_accounts_is_closed(client, settings, person):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "5/5m/key,8/5m/ip"}
    for number in range(8):
        fail(client, times=1, login=f"guess-{number}", REMOTE_ADDR=f"2001:db8:0:1:{number}::1")

    assert not log_in(client, REMOTE_ADDR="2001:db8:0:1:ffff::1")
    assert log_in(client, REMOTE_ADDR="2001:db8:0:2::1")


def test_ipv4_over_a_socket_for_both_is_no_network(client, settings, person):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "5/5m/key,8/5m/ip"}
    for number in range(8):
        fail(client, times=1, login=f"guess-{number}", REMOTE_ADDR="::ffff:192.0.2.1")

    assert not log_in(client, REMOTE_ADDR="192.0.2.1")
    assert log_in(client, REMOTE_ADDR="::ffff:192.0.2.2")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::"),
        ("[2001:db8:0:1:ffff::1]:443", "2001:db8:0:1::"),
        ("2001:db8:0:2::1", "2001:db8:0:2::"),
    ],
)
def test_every_throttle_counts_an_ipv4_address_or_an_ipv6_network(rf, settings, address, origin):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    behind_proxy = rf.get("/", headers={"x-forwarded-for": f"198.51.100.1, {address}"})

    assert get_adapter().get_client_origin(behind_proxy) == origin


@pytest.fixture
def dead_cache(settings):
    """The shared cache is a Redis that nobody started; the table is the one of the demo."""
    settings.CACHES = {
        "default": {
            "BACKEND": "cms.accounts.backends.FallbackCache",
            "OPTIONS": {"primary": "shared", "fallback": "database"},
        },
        "shared": {"BACKEND": "cms.site.backends.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"},
        "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kairan_cache"},
    }


@pytest.fixture
def cache_table(db):
    from django.core.management import call_command

    call_command("createcachetable", "kairan_cache")


@pytest.mark.usefixtures("cache_table", "dead_cache")
def test_without_its_cache_the_site_logs_in_and_counts(client, person, caplog):
    assert log_in(client)
    fail(client)

    assert not log_in(client)
    assert "The cache 'shared' failed" in caplog.text
