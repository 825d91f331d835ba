"""What the whole suite shares: one database build, compiled translations, and the two optional machines.

PostgreSQL and Chromium may be missing on a contributor's machine: what needs them is skipped with the reason. With
`CI` set it is an error instead, so that nothing is left untested by accident.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from django.utils.translation.reloader import translation_file_changed

from cms.plugin_api import errors
from cms.plugin_api.registry import get_plugin, installed_plugins
from cms.site.storage.memory import GenerationMemory
from cms.translation.services import catalogs_compile
from tests.databases import PostgresDatabase, SqliteDatabase, TestDatabase

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CONNECT_BY = {"host", "port", "user", "password"}


# A slow machine is no fault of the code under test.
hypothesis.settings.register_profile("kairan", deadline=None)
hypothesis.settings.load_profile("kairan")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before the workers start. Django is set up by now, so it must read them anew."""
    if not hasattr(config, "workerinput"):
        for path in catalogs_compile(root=ROOT):
            translation_file_changed(sender=None, file_path=path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives in tests/browser, and skip what this machine cannot run."""
    for item in items:
        if ROOT / "tests" / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
    _skip(items, "browser", _reason_without_chromium)
    if connection.vendor == "postgresql":
        _skip(items, "postgres", _reason_without_postgres)


def _skip(items: list[pytest.Item], mark: str, reason_missing: Callable[[], str | None]) -> None:
    marked = [item for item in items if item.get_closest_marker(mark)]
    reason = reason_missing() if marked else None
    if reason is None:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"CI runs every test, but {reason}.")
    for item in marked:
        item.add_marker(pytest.mark.skip(reason=reason))


def chromium_path() -> str | None:
    """Return the first Chromium or Chrome that this machine has."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _reason_without_chromium() -> str | None:
    return None if chromium_path() else f"no browser was found ({', '.join(CHROMIUM_NAMES)})"


def _reason_without_postgres() -> str | None:
    import psycopg  # only where the suite runs on PostgreSQL

    where = {key: value for key, value in connection.get_connection_params().items() if key in CONNECT_BY}
    try:
        psycopg.connect(**where, dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return f"PostgreSQL cannot be reached ({str(error).strip().splitlines()[0]})"
    return None


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_test_environment, django_db_blocker
) -> Iterator[None]:
    """Give this process a copy of the migrated template instead of migrating again."""
    kept_in = request.config.cache.mkdir(f"database-{connection.vendor}")
    database: TestDatabase
    if connection.vendor == "postgresql":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database = PostgresDatabase(kept_in=kept_in, worker=worker)
    else:
        database = SqliteDatabase(kept_in=kept_in, made_in=tmp_path_factory.mktemp("database"))
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        database.create()
        # Django would empty every table, Wagtail's root page and locale with them, and fill content types again.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.restore())
        yield
        database.destroy()


@pytest.fixture(autouse=True)
def _media_in_temporary_folder(settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files that a test uploads never reach the folder of a real site."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


@pytest.fixture(autouse=True)
def _nothing_kept_from_another_test() -> None:
    """What a process keeps of the site goes by its generation, which a test's rollback turns back."""
    caches["default"].clear()
    GenerationMemory.forget_all()


@pytest.fixture(autouse=True)
def _transaction_around_a_test_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no transaction on the site has none here: its queries are counted without a test's own savepoints."""
    monkeypatch.setattr(
        errors,
        "in_transaction",
        lambda: any(not block._from_testcase for block in connection.atomic_blocks),
    )


@pytest.fixture
def everybody_is_member(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the dummy plugin say who is a member, in the place of the plugin that keeps the register."""
    for plugin in installed_plugins():
        others = {point: path for point, path in plugin.contributions.items() if point != "membership"}
        monkeypatch.setattr(type(plugin), "contributions", others)
    dummy = get_plugin("dummy")
    provided = {**dummy.contributions, "membership": "tests.dummy_plugin.contrib:EverybodyIsMember"}
    monkeypatch.setattr(type(dummy), "contributions", provided)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that lasts as long as the run and is the same for all of its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
