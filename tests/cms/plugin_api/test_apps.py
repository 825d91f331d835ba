"""Starting: whose fault it is when that fails, and what is not done then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from cms.plugin_api import apps as plugin_apps
from cms.plugin_api.registry import get_plugin


@pytest.mark.parametrize("module", plugin_apps.WIRING)
def test_a_module_that_cannot_be_imported_names_the_plugin(monkeypatch, module):
    def fail(name):
        if name == f"tests.dummy_plugin.{module}":
            raise RuntimeError("broken module")

    monkeypatch.setattr(plugin_apps, "import_module", fail)

    with pytest.raises(
        ImproperlyConfigured, match=rf"'dummy' cannot be started: importing its {module} .*broken module"
    ):
        plugin_apps.import_wiring()


@pytest.mark.parametrize("place", ["__init__", "apps"])
def test_a_package_that_cannot_be_imported_names_the_plugin(tmp_path, place):
    package, info = tmp_path / "kairan_broken", tmp_path / "kairan_broken-1.dist-info"
    package.mkdir()
    info.mkdir()
    (package / "__init__.py").touch()
    (package / f"{place}.py").write_text("raise RuntimeError('broken package')\n", encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kairan-broken\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[kairan.plugins]\nbroken = kairan_broken\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(Path.cwd())])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test", "PYTHONPATH": path}

    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import cms.wsgi"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 4
    assert run.stderr.startswith("Configuration: The plugin 'broken' cannot be started: importing its manifest fails")
    assert "broken package" in run.stderr


def test_models_that_cannot_be_imported_name_the_plugin(monkeypatch):
    def fail(self):
        raise RuntimeError("broken models")

    monkeypatch.setattr("django.apps.AppConfig.import_models", fail)

    with pytest.raises(ImproperlyConfigured, match=r"'dummy' cannot be started.*broken models"):
        get_plugin("dummy").import_models()


def test_starting_the_server_asks_the_database_nothing():
    program = (
        "from django.db.backends.base.base import BaseDatabaseWrapper as Wrapper\n"
        "def refuse(self): raise SystemExit('connected')\n"
        "Wrapper.connect = refuse\n"
        "import cms.wsgi\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}

    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert connection  # the test's own is untouched
