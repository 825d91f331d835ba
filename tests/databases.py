"""Test databases made from one template, so that the migrations run once and not once a worker or a test.

The template is kept between runs under a name made of everything that shapes it: the migrations and the config of every
installed app, the versions of the packages and the list of apps. Whatever else changes, it is still right.
"""

import fcntl
import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

KEPT_TEMPLATES = 3


class TestDatabase(Protocol):
    """A database of one test process, with the rows that the migrations leave behind."""

    def create(self) -> None:
        """Point Django's default connection at a fresh copy of the template."""

    def restore(self) -> None:
        """Bring the copy back to the template's rows, after a test that really commits."""

    def destroy(self) -> None:
        """Remove the copy."""


@cache
def template_key() -> str:
    """Return a digest of everything that shapes a migrated, otherwise empty database."""
    digest = hashlib.sha256(
        "\n".join([sys.version, django.__version__, connection.vendor, *settings.INSTALLED_APPS]).encode()
    )
    for config in apps.get_app_configs():
        # What an app adds after each migrate stands in its apps.py.
        for path in sorted([*Path(config.path).glob("migrations/*.py"), *Path(config.path).glob("apps.py")]):
            digest.update(f"{config.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _point_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _migrate(name: str) -> None:
    _point_to(name)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


class SqliteDatabase:
    """A file of its own for each process; a file, because races between threads need real locks."""

    def __init__(self, *, kept_in: Path, made_in: Path) -> None:
        self.kept_in = kept_in
        self.path = made_in / "kairan.sqlite3"

    def create(self) -> None:
        template = self._template()
        _point_to(str(self.path))
        self._copy(template)

    def restore(self) -> None:
        self._copy(self.kept_in / f"{template_key()}.sqlite3")

    def destroy(self) -> None:
        connection.close()
        self.path.unlink(missing_ok=True)

    def _template(self) -> Path:
        template = self.kept_in / f"{template_key()}.sqlite3"
        with _locked(self.kept_in / "lock"):
            if template.exists():
                os.utime(template)
            else:
                building = template.with_suffix(".building")
                building.unlink(missing_ok=True)
                _migrate(str(building))
                building.rename(template)
            self._forget_old()
        return template

    def _forget_old(self) -> None:
        """Keep a few templates for those who switch between branches."""
        by_age = sorted(self.kept_in.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in by_age[KEPT_TEMPLATES:]:
            path.unlink()

    def _copy(self, template: Path) -> None:
        """Copy through SQLite's backup, which replaces every page under one lock while others hold connections."""
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{template}?mode=ro", uri=True)) as source:
            source.backup(connection.connection)


class PostgresDatabase:
    """A database of its own for each process, made by `CREATE DATABASE … TEMPLATE …`."""

    def __init__(self, *, kept_in: Path, worker: str) -> None:
        # The folder's name keeps two checkouts on one server apart.
        self.prefix = f"kairan_{hashlib.sha256(str(kept_in).encode()).hexdigest()[:6]}"
        self.name = f"test_{self.prefix}_{worker}"
        self.kept_in = kept_in

    def create(self) -> None:
        with _locked(self.kept_in / "lock"):
            if not self._exists(self._template):
                self._forget_old()
                building = f"{self._template}_building"
                self._execute(f'DROP DATABASE IF EXISTS "{building}"', f'CREATE DATABASE "{building}"')
                _migrate(building)
                self._execute(f'ALTER DATABASE "{building}" RENAME TO "{self._template}"')
            self.restore()

    def restore(self) -> None:
        self.destroy()
        self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self._template}"')
        _point_to(self.name)

    def destroy(self) -> None:
        connection.close()
        self._execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    @property
    def _template(self) -> str:
        return f"{self.prefix}_{template_key()}"

    def _execute(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _exists(self, name: str) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _forget_old(self) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
