import pytest
from django.conf import settings

from cms.jobs.checks import check_no_atomic_requests_on_sqlite

SQLITE = "django.db.backends.sqlite3"


def test_atomic_requests_on_sqlite_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES, "default", {"ENGINE": SQLITE, "ATOMIC_REQUESTS": True})

    assert [error.id for error in check_no_atomic_requests_on_sqlite()] == ["jobs.E001"]


def test_sqlite_without_them_and_another_database_with_them_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES, "default", {"ENGINE": SQLITE})
    monkeypatch.setitem(settings.DATABASES, "other", {"ENGINE": "postgresql", "ATOMIC_REQUESTS": True})

    assert check_no_atomic_requests_on_sqlite() == []
