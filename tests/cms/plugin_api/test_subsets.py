"""The site starts with each choice of the real plugins, and none of them makes a migration necessary."""

import os
import subprocess
import sys
from itertools import chain, combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = sorted(path.parent.name for path in ROOT.glob("plugins/*/apps.py"))
CHOICES = list(chain.from_iterable(combinations(PLUGINS, size) for size in range(len(PLUGINS) + 1)))
"""Each starts a process of some seconds; all are tried however many there are, for a clash needs just one pair."""
START = """
import django
django.setup()
from django.core.management import call_command
call_command("check", fail_level="WARNING")
call_command("makemigrations", check=True, dry_run=True)
"""


def start(**variables: str) -> subprocess.CompletedProcess:
    """Start the site as a deployment does."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.dev", **variables}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("available", CHOICES, ids=lambda choice: "+".join(choice) or "none")
def test_the_site_starts_with_each_choice_of_available_plugins(available, tmp_path):
    done = start(CMS_PLUGINS=",".join(available), KAIRAN_DATA=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "No changes detected" in done.stdout


@pytest.mark.parametrize("dormant", PLUGINS)
def test_the_site_starts_with_each_plugin_dormant(dormant, tmp_path):
    done = start(CMS_PLUGINS_DORMANT=dormant, KAIRAN_DATA=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "No changes detected" in done.stdout


def test_an_unknown_plugin_is_one_clear_sentence(tmp_path):
    command = [sys.executable, "-W", "ignore", "manage.py", "check"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "CMS_PLUGINS": "surveyz"}

    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "KAIRAN_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "CMS_PLUGINS names the plugin 'surveyz', but there is no such plugin here." in done.stderr
