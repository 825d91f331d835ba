"""The command line: what a person did wrong becomes one sentence, what the code did wrong keeps its traceback."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo_process import ROOT, environment


def manage(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("migrate",), ("plugins", "list")])
def test_damaged_database_is_one_sentence_and_stays_as_it_is(tmp_path: Path, command: tuple[str, ...]) -> None:
    damaged = tmp_path / "kairan.sqlite3"
    damaged.write_bytes(b"no database at all" * 500)

    run = manage(tmp_path, *command)

    assert run.returncode == 1
    assert run.stderr.startswith("The database cannot be used (file is not a database)")
    assert len(run.stderr.strip().splitlines()) == 1
    assert damaged.read_bytes() == b"no database at all" * 500


def test_directory_that_cannot_be_made_is_one_sentence() -> None:
    run = manage(Path("/proc/no-such-process"), "check")

    assert run.returncode == 1
    assert run.stderr.startswith("Configuration: KAIRAN_DATA cannot be written: /proc/no-such-process")
    assert len(run.stderr.strip().splitlines()) == 1


def test_python_without_django_is_told_which_one_has_it() -> None:
    command = [sys.executable, "-S", "manage.py", "plugins", "list"]  # -S: without what is installed

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert run.returncode == 1
    assert run.stderr.strip().endswith(".venv/bin/python manage.py plugins list")
    assert len(run.stderr.strip().splitlines()) == 1


def test_traceback_is_shown_to_who_asks(tmp_path: Path) -> None:
    (tmp_path / "kairan.sqlite3").write_bytes(b"no database at all" * 500)

    run = manage(tmp_path, "migrate", "--traceback")

    assert "Traceback" in run.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_missing_migrations_stop_the_start_and_change_nothing(tmp_path: Path, command: str) -> None:
    run = manage(tmp_path, command)

    assert run.returncode == 1
    assert "The database has not been migrated for " in run.stderr
    assert run.stderr.count("plugin_api.E020") == 1
    assert "HINT: Run `python manage.py migrate`." in run.stderr
    assert "Traceback" not in run.stderr
    with sqlite3.connect(tmp_path / "kairan.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
