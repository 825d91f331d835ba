"""The directory in which a demo keeps everything: database, media, static files, keys, mails and logs."""

import fcntl
import os
import secrets
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .errors import DemoError

OURS = (
    "kairan.sqlite3",
    "kairan.sqlite3-wal",
    "kairan.sqlite3-shm",
    "media",
    "static",
    "mail",
    "heartbeat",
    "logs",
    "secret_key",
    "prepared",
    "base_url",
)
"""What a reset removes; whatever else lies in the directory is not ours. `base_url` goes last: it marks our folders."""


class DemoFolder:
    """Looks before it touches: each `refuse_…` raises DemoError and leaves everything as it was."""

    def __init__(self, path: Path, database: Path | None) -> None:
        self.path = path
        self.database = database

    @property
    def logs(self) -> Path:
        """Where the processes write."""
        return self.path / "logs"

    def refuse_unwritable(self) -> None:
        """Raise unless the directory can be written, or made below a directory that can."""
        existing = next(folder for folder in (self.path, *self.path.parents) if folder.exists())
        if not existing.is_dir():
            raise DemoError(f"KAIRAN_DATA is {self.path}, but {existing} is a file, not a directory.")
        if not os.access(existing, os.W_OK | os.X_OK) or _is_read_only(existing):
            raise DemoError(f"KAIRAN_DATA is {self.path}, which cannot be written; choose another directory.")

    def refuse_broken_database(self) -> None:
        """Raise where the database file is no intact SQLite database."""
        if self.database is None or not self.database.exists():
            return
        try:
            with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
                (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            found = str(error)
        if found != "ok":
            raise DemoError(
                f"{self.database} is damaged or no SQLite database ({found}); "
                "restore it from a backup, or start over with `make demo RESET=1`."
            )

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Keep a second demo out of the directory."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "lock").open("w")
        except OSError as error:
            raise DemoError(f"KAIRAN_DATA is {self.path}, which cannot be written ({error.strerror}).") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoError(f"A demo is already running in {self.path}; stop it or choose another.") from None
            yield

    def reset(self) -> None:
        """Remove what a demo keeps, so that the next preparation starts over."""
        if self.database is None:
            raise DemoError(
                "RESET works on the demo's own SQLite file only; empty the database of DATABASE_URL yourself."
            )
        if any((self.path / name).exists() for name in OURS) and not (self.path / "base_url").exists():
            raise DemoError(f"{self.path} was not made by the demo, so RESET=1 removes nothing there.")
        for path in (self.path / name for name in OURS):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def settle(self, base_url: str) -> None:
        """Keep the address and a key of its own, which sign and link for every process and every later start."""
        for name in ("media", "mail", "logs", "heartbeat"):
            (self.path / name).mkdir(exist_ok=True)
        (self.path / "base_url").write_text(f"{base_url}\n", encoding="utf-8")
        key = self.path / "secret_key"
        if not key.exists():
            with os.fdopen(os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))

    def keeps(self, key: str) -> bool:
        """Say whether this is the key that the folder keeps."""
        return (self.path / "secret_key").read_text(encoding="utf-8").strip() == key


def port_number(text: str) -> int:
    """Read what a person wrote for a port; raise DemoError where it is no number."""
    try:
        return int(text)
    except ValueError:
        raise DemoError(f"Port “{text}” is no number; choose one such as: make demo PORT=8000.") from None


def refuse_port_in_use(port: int) -> None:
    """Raise where something answers or listens on the port already."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise DemoError(
                f"Port {port} cannot be used ({getattr(error, 'strerror', None) or error}); "
                f"choose another: make demo PORT={port + 1 if port < 65535 else 8000}."
            ) from None


def _is_read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
