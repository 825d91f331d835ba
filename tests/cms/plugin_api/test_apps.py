"""Starting: whose fault it is when that fails, and what is not done then."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from cms.plugin_api import apps as plugin_apps
from cms.plugin_api.registry import get_plugin


def test_hooks_that_cannot_be_imported_name_the_plugin(monkeypatch):
    def fail(name):
        raise RuntimeError("broken hooks")

    monkeypatch.setattr(plugin_apps, "import_module", fail)

    with pytest.raises(ImproperlyConfigured, match=r"'dummy' cannot be started.*broken hooks"):
        plugin_apps.import_hooks()


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
