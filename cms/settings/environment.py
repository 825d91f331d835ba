"""Reads Kairan's configuration from environment variables: typed, and one sentence for each mistake."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

BASE_DIR = Path(__file__).resolve().parents[2]
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql", "psql", "pgsql"}
CACHE_SCHEMES = {"dbcache", "redis", "rediss", "rediscache"}
EMAIL_SCHEMES = {"smtp", "smtps", "smtp+tls", "smtp+ssl", "mailbox", "consolemail", "filemail"}
REDIS = "cms.site.backends.RedisCache"
SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    # Measured: IMMEDIATE with WAL commits twice as much as the defaults and never answers "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


class Environment(environ.Env):
    """Adds to django-environ what it takes silently: wrong booleans, hosts without a scheme, unknown services."""

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: Any = None
    ) -> Any:
        """Read a variable as it is; django-environ would take a value that begins with `$` for another's name."""
        if var in self.ENVIRON:
            return self.parse_value(self.ENVIRON[var], cast)
        if default is self.NOTSET:
            raise ImproperlyConfigured(f"{var} is not set.")
        return default

    def bool(self, var: str, default: Any = environ.Env.NOTSET) -> bool:
        """Read 1/0, true/false, yes/no or on/off; anything else is a mistake, not False."""
        text = self.get_value(var, cast=str, default=default)
        word = str(text).strip().lower()
        if word not in YES | NO:
            raise ImproperlyConfigured(f"{var} is '{text}', but must be 1 or 0.")
        return word in YES

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> int:
        """Read a whole number."""
        text = self.get_value(var, cast=str, default=default)
        try:
            return int(text)
        except (TypeError, ValueError):
            raise ImproperlyConfigured(f"{var} is '{text}', but must be a whole number.") from None

    def words(self, var: str, default: Any = environ.Env.NOTSET) -> Any:
        """Read a list separated by commas; spaces around a word and empty words are dropped."""
        text = self.get_value(var, cast=str, default=default)
        if text is None or isinstance(text, list):
            return text
        return [word.strip() for word in str(text).split(",") if word.strip()]

    def address(self, var: str, default: Any = environ.Env.NOTSET) -> str:
        """Read where the site is reached: scheme, host and port, nothing after them."""
        text = str(self.get_value(var, cast=str, default=default)).rstrip("/")
        parts = urlsplit(text)
        rest = parts.path or parts.query or parts.fragment
        if parts.scheme not in {"http", "https"} or not parts.hostname or rest or not _has_sound_port(parts):
            raise ImproperlyConfigured(
                f"{var} is '{text}', but must be an address such as https://www.example.jp, without a path."
            )
        return text

    def hosts(self, var: str, *, default: list[str]) -> list[str]:
        """Read host names separated by commas; an empty variable means the default, as if it were not there."""
        hosts: list[str] = self.words(var, default=default) or default
        wrong = next((host for host in hosts if "/" in host or (":" in host and not host.endswith("]"))), None)
        if wrong:
            raise ImproperlyConfigured(
                f"{var} names '{wrong}', but a host stands there alone, without scheme, port or path: www.example.jp."
            )
        return hosts

    def require_folder(self, var: str, path: Path) -> None:
        """Refuse a directory that can neither be written nor made."""
        existing = next(folder for folder in (path, *path.parents) if folder.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise ImproperlyConfigured(f"{var} is '{path}', which is no directory that this process can write.")

    def database(self, var: str, *, default: Path) -> dict[str, Any]:
        """Read a database; without the variable, the SQLite file `default`."""
        if var not in self:
            return {"ENGINE": SQLITE, "NAME": str(default), "OPTIONS": SQLITE_OPTIONS}
        url = self._service(var, DATABASE_SCHEMES, "sqlite:///path or postgres://user:password@host:5432/name")
        config = _parsed(var, self.db_url_config, url)
        if not config["NAME"] or config["NAME"] == ":memory:":
            raise ImproperlyConfigured(f"{var} names no database; it ends with a file or a database name.")
        if config["ENGINE"] != SQLITE:
            return {**config, "CONN_HEALTH_CHECKS": True}
        if config.get("ATOMIC_REQUESTS"):
            raise ImproperlyConfigured(
                f"{var} sets ATOMIC_REQUESTS, with which each request to SQLite waits for the other; leave it out."
            )
        return {**config, "OPTIONS": {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}}

    def cache(self, var: str, *, default: str) -> dict[str, Any]:
        """Read the cache that all processes share; one in a process's own memory is refused."""
        url = self._service(var, CACHE_SCHEMES, "dbcache://table or redis://host:6379/0", default)
        config = _parsed(var, self.cache_url_config, url)
        return config if url.startswith("dbcache:") else {**config, "BACKEND": REDIS}

    def email(self, var: str, *, default: str = "") -> dict[str, Any]:
        """Read how mail leaves the outbox: the transport, and Django's EMAIL_ settings for it."""
        url = self._service(var, EMAIL_SCHEMES, "smtp+tls://user:password@host:587", default)
        if url.partition(":")[0] == "mailbox":
            return {"MAIL_TRANSPORT": "cms.mail.transports.mailbox.MailboxTransport"}
        config = _parsed(var, self.email_url_config, url)
        backend = config.pop("EMAIL_BACKEND")
        if not backend.endswith("smtp.EmailBackend"):
            transport = "cms.mail.transports.backend.BackendTransport"
            return {**config, "MAIL_TRANSPORT": transport, "MAIL_TRANSPORT_BACKEND": backend}
        if not config["EMAIL_HOST"]:
            raise ImproperlyConfigured(f"{var} names no mail server; it looks like smtp+tls://user:password@host:587.")
        return {**config, "MAIL_TRANSPORT": "cms.mail.transports.smtp.SmtpTransport"}

    def media_server(self, var: str) -> str:
        """Read how files leave: empty (this process sends them), or by which header the web server is told to."""
        text = self.str(var, default="")
        if text and text != "X-Sendfile" and not text.startswith("X-Accel-Redirect:/"):
            raise ImproperlyConfigured(
                f"{var} is '{text}', but must be X-Sendfile or X-Accel-Redirect:/internal/path/."
            )
        return text

    def require(self, names: Iterable[str]) -> None:
        """Refuse to start where a variable without a safe default is missing or empty."""
        missing = [name for name in names if not self.str(name, default="").strip()]
        if missing:
            raise ImproperlyConfigured(
                f"A production site needs {', '.join(missing)} in its environment; see docs/configuration.md."
            )

    def _service(self, var: str, schemes: set[str], example: str, default: str = "") -> str:
        url = self.str(var, default=default)
        if url.partition(":")[0] not in schemes:
            raise ImproperlyConfigured(f"{var} is '{_without_password(url)}', but must look like {example}.")
        return url


def _parsed(var: str, parse: Callable[[str], dict[str, Any]], url: str) -> dict[str, Any]:
    try:
        return parse(url)
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{var} is '{_without_password(url)}', which cannot be read as an address."
        ) from None


def _has_sound_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _without_password(url: str) -> str:
    scheme, separator, rest = url.rpartition("@")
    return f"{scheme.partition('://')[0]}://…@{rest}" if separator else rest


def first_line(path: Path, default: str) -> str:
    """Read a value that the demo keeps in its data directory."""
    try:
        return path.read_text(encoding="utf-8").strip() or default
    except FileNotFoundError:
        return default
    except NotADirectoryError:
        raise ImproperlyConfigured(f"KAIRAN_DATA is '{path.parent}', which is no directory.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error}.") from None


env = Environment()
DATA_DIR = Path(env.str("KAIRAN_DATA", default=str(BASE_DIR / "var"))).expanduser().resolve()
