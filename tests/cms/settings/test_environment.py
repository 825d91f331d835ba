import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings.environment import Environment, first_line

ROOT = Path(__file__).resolve().parents[3]


def environment(**variables: str) -> Environment:
    reader = Environment()
    reader.ENVIRON = variables
    return reader


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False)])
def test_bool_reads_words_for_yes_and_no(text: str, value: bool) -> None:
    assert environment(DEBUG=text).bool("DEBUG") is value


def test_words_drops_spaces_and_empty_words() -> None:
    assert environment(CMS_PLUGINS=" seminars, board ,,").words("CMS_PLUGINS") == ["seminars", "board"]
    assert environment(CMS_PLUGINS="").words("CMS_PLUGINS", default=None) == []
    assert environment().words("CMS_PLUGINS", default=None) is None


def test_value_that_begins_with_a_dollar_sign_is_taken_as_it_is() -> None:
    assert environment(SECRET_KEY="$HOME-and-more").str("SECRET_KEY") == "$HOME-and-more"


def test_hosts_of_an_empty_variable_are_the_default() -> None:
    assert environment(ALLOWED_HOSTS=" ").hosts("ALLOWED_HOSTS", default=["www.example.jp"]) == ["www.example.jp"]
    assert environment(ALLOWED_HOSTS=".a.jp,[::1]").hosts("ALLOWED_HOSTS", default=[]) == [".a.jp", "[::1]"]


def test_folder_must_be_there_or_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment().require_folder("KAIRAN_DATA", tmp_path / "a" / "b")

    with pytest.raises(ImproperlyConfigured, match="no directory that this process can write"):
        environment().require_folder("KAIRAN_DATA", tmp_path / "file" / "b")


def test_address_drops_the_last_slash() -> None:
    assert environment(BASE_URL="https://www.example.jp/").address("BASE_URL") == "https://www.example.jp"


def test_database_defaults_to_an_immediate_sqlite_file(tmp_path: Path) -> None:
    database = environment().database("DATABASE_URL", default=tmp_path / "with space & sign.sqlite3")

    assert database["NAME"] == str(tmp_path / "with space & sign.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "ATOMIC_REQUESTS" not in database


def test_database_reads_postgres_and_checks_its_connections(tmp_path: Path) -> None:
    database = environment(DATABASE_URL="postgres://k:p%40ss@db:5433/kairan").database("DATABASE_URL", default=tmp_path)

    assert (database["NAME"], database["USER"], database["PASSWORD"]) == ("kairan", "k", "p@ss")
    assert (database["HOST"], database["PORT"], database["CONN_HEALTH_CHECKS"]) == ("db", 5433, True)


def test_sqlite_url_keeps_the_options_that_prevent_locks(tmp_path: Path) -> None:
    database = environment(DATABASE_URL="sqlite:////srv/k.sqlite3?timeout=5").database("DATABASE_URL", default=tmp_path)

    assert database["NAME"] == "/srv/k.sqlite3"
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }


def test_email_is_read_as_settings() -> None:
    assert environment(EMAIL_URL="smtp+tls://me:secret@mail:587").email("EMAIL_URL") == {
        "EMAIL_FILE_PATH": "",
        "EMAIL_HOST": "mail",
        "EMAIL_HOST_PASSWORD": "secret",
        "EMAIL_HOST_USER": "me",
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
        "MAIL_TRANSPORT": "cms.mail.transports.smtp.SmtpTransport",
    }


def test_email_may_stay_on_the_machine() -> None:
    mailbox = environment(EMAIL_URL="mailbox://").email("EMAIL_URL")
    files = environment(EMAIL_URL="filemail:///tmp/mail").email("EMAIL_URL")

    assert mailbox == {"MAIL_TRANSPORT": "cms.mail.transports.mailbox.MailboxTransport"}
    assert files["MAIL_TRANSPORT"] == "cms.mail.transports.backend.BackendTransport"
    assert files["MAIL_TRANSPORT_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"


def read(kind: str, name: str, text: str) -> object:
    reader = environment(**{name: text})
    return reader.database(name, default=Path("x")) if kind == "database" else getattr(reader, kind)(name)


@pytest.mark.parametrize(
    ("kind", "name", "text", "sentence"),
    [
        ("bool", "DEBUG", "maybe", "DEBUG is 'maybe', but must be 1 or 0."),
        ("int", "TRUSTED_PROXY_COUNT", "two", "TRUSTED_PROXY_COUNT is 'two', but must be a whole number."),
        ("address", "BASE_URL", "www.example.jp", "BASE_URL is 'www.example.jp', but must be an address such as"),
        ("address", "BASE_URL", "https://example.jp/site", "without a path."),
        ("database", "DATABASE_URL", "mysql://u:s3cret@db/k", "must look like sqlite:///path or postgres://"),
        ("database", "DATABASE_URL", "", "DATABASE_URL is '', but must look like"),
        ("database", "DATABASE_URL", "postgres://u:s3cret@db:port/k", "which cannot be read as an address."),
        ("database", "DATABASE_URL", "postgres://u:s3cret@db", "DATABASE_URL names no database"),
        ("database", "DATABASE_URL", "sqlite://", "DATABASE_URL names no database"),
        ("database", "DATABASE_URL", "sqlite:////k?ATOMIC_REQUESTS=True", "sets ATOMIC_REQUESTS"),
        ("email", "EMAIL_URL", "mail.example.jp", "EMAIL_URL is 'mail.example.jp', but must look like smtp+tls://"),
        ("email", "EMAIL_URL", "smtp://", "EMAIL_URL names no mail server"),
        ("str", "SECRET_KEY_FILE_THAT_IS_NOT_SET", "", ""),
    ],
)
def test_mistake_is_answered_with_one_sentence_that_hides_passwords(kind, name, text, sentence) -> None:
    if kind == "str":
        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
            environment().str("SECRET_KEY")
        return
    with pytest.raises(ImproperlyConfigured) as raised:
        read(kind, name, text)

    assert sentence in str(raised.value)
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["locmem://", "dummycache://", "memcached"])
def test_cache_that_processes_do_not_share_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL is"):
        environment(CACHE_URL=url).cache("CACHE_URL", default="dbcache://x")


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("redis://cache.example.jp:6379/0", "cms.site.backends.RedisCache"),
        ("rediss://:s3cret@cache.example.jp:6379/0", "cms.site.backends.RedisCache"),
        ("dbcache://kairan_cache", "django.core.cache.backends.db.DatabaseCache"),
    ],
)
def test_shared_cache(url: str, backend: str) -> None:
    assert environment(CACHE_URL=url).cache("CACHE_URL", default="dbcache://x")["BACKEND"] == backend


def test_first_line_of_a_missing_or_empty_file_is_the_default(tmp_path: Path) -> None:
    assert first_line(tmp_path / "none", "default") == "default"
    (tmp_path / "empty").write_text("\n")
    assert first_line(tmp_path / "empty", "default") == "default"


def test_unreadable_file_is_answered_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        first_line(tmp_path, "default")


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop",
    "BASE_URL": "https://www.example.jp",
    "DATABASE_URL": "postgres://kairan:secret@db.example.jp/kairan",
    "CACHE_URL": "redis://cache.example.jp:6379/0",
    "EMAIL_URL": "smtp+tls://kairan:secret@mail.example.jp:587",
    "KAIRAN_DATA": "/tmp/kairan-production-check",  # noqa: S108  a path that is never opened
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**system, **variables}, capture_output=True, text=True, check=False, timeout=120
    )


def test_production_passes_the_deployment_check() -> None:
    run = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (run.returncode, run.stderr) == (0, "")
    assert "no issues" in run.stdout


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"DJANGO_SETTINGS_MODULE"}))
def test_production_refuses_to_start_without(missing: str) -> None:
    run = manage("check", **{name: text for name, text in PRODUCTION.items() if name != missing})

    assert run.returncode == 1
    assert (
        run.stderr
        == f"Configuration: A production site needs {missing} in its environment; see docs/configuration.md.\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY must be 50 or more random characters"),
        ("SECRET_KEY", "django-insecure-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2, "SECRET_KEY must be 50"),
        ("BASE_URL", "http://www.example.jp", "reached by https:// only"),
        ("BASE_URL", "https://www.example.jp:https", "must be an address such as"),
        ("ALLOWED_HOSTS", "*", "'*' lets anyone forge links"),
        ("ALLOWED_HOSTS", "https://www.example.jp", "ALLOWED_HOSTS names 'https://www.example.jp'"),
        ("ALLOWED_HOSTS", "www.example.jp:443", "ALLOWED_HOSTS names 'www.example.jp:443'"),
        ("ALLOWED_HOSTS", "other.example.jp", "leaves out www.example.jp, the host of BASE_URL"),
        ("KAIRAN_DATA", str(ROOT / "manage.py" / "data"), "which is no directory"),
        ("CMS_PLUGINS", "nothing_of_that_name", "CMS_PLUGINS names the plugin 'nothing_of_that_name'"),
    ],
)
def test_production_refuses_what_is_unsafe(name: str, text: str, sentence: str) -> None:
    run = manage("check", **{**PRODUCTION, name: text})

    assert run.returncode == 1
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr


def test_wsgi_stops_gunicorn_with_the_sentence() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import cms.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert run.returncode == 4
    assert run.stderr.startswith("Configuration: A production site needs SECRET_KEY, BASE_URL")
    assert "Traceback" not in run.stderr
