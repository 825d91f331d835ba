"""The checkout keeps every rule, and every rule can fail."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.rules import RULES

ROOT = Path(__file__).resolve().parents[2]

PLUGINS = {"plugins/__init__.py": "", "plugins/surveys/apps.py": "", "plugins/board/apps.py": ""}

PLANTED: list[tuple[str, Mapping[str, str], str]] = [
    ("core_names_no_plugin", {"cms/pages/models.py": "parent = 'surveys.SurveyPage'"}, "cms/pages/models.py:1"),
    ("core_names_no_plugin", {"cms/pages/models.py": "x = 1\nslug = 'surveys'"}, "cms/pages/models.py:2"),
    ("core_names_no_plugin", {"cms/site/views.py": "import_module('plugins.board.models')"}, "cms/site/views.py:1"),
    ("core_names_no_plugin", {"cms/site/views.py": "redirect('board:index')"}, "cms/site/views.py:1"),
    ("core_names_no_plugin", {"cms/site/views.py": "redirect('/board/')"}, "cms/site/views.py:1"),
    ("core_names_no_plugin", {"cms/pages/templates/pages/a.html": "{% include 'board/x.html' %}"}, "pages/a.html:1"),
    ("core_names_no_plugin", {"themes/plain/templates/base.html": "{% url 'board:index' %}"}, "templates/base.html:1"),
    (
        "plugins_name_no_other_plugin",
        {"plugins/surveys/services.py": "apps.get_model('board.Topic')"},
        "plugins/surveys/services.py:1",
    ),
    (
        "plugins_name_no_other_plugin",
        {"plugins/board/templates/board/a.html": "{% include 'surveys/card.html' %}"},
        "templates/board/a.html:1",
    ),
    (
        "plugin_templates_stay_in_their_folder",
        {"plugins/board/templates/base.html": ""},
        "plugins/board/templates/base.html",
    ),
    (
        "plugin_templates_stay_in_their_folder",
        {"plugins/board/static/surveys/a.css": ""},
        "plugins/board/static/surveys/a.css",
    ),
    ("themes_hold_no_python", {"themes/plain/static/build.py": ""}, "themes/plain/static/build.py"),
    ("plugins_folder_holds_only_plugins", {"plugins/common.py": ""}, "plugins/common.py"),
    ("plugins_folder_holds_only_plugins", {"plugins/shared/__init__.py": ""}, "plugins/shared"),
    (
        "early_modules_import_no_models",
        {"plugins/board/blocks.py": "def f():\n    from .models import Topic"},
        "plugins/board/blocks.py:2",
    ),
    (
        "early_modules_import_no_models",
        {"plugins/board/apps.py": "from cms.accounts.models import User"},
        "plugins/board/apps.py:1",
    ),
    (
        "early_modules_import_no_models",
        {"cms/pages/blocks/media.py": "from cms.media import models"},
        "cms/pages/blocks/media.py:1",
    ),
    (
        "migrations_have_names",
        {"cms/pages/migrations/0002_auto_20260401_1200.py": ""},
        "cms/pages/migrations/0002_auto_20260401_1200.py",
    ),
    ("templates_hold_no_inline_code", {"cms/site/templates/a.html": "<p style='color: red'>"}, "a.html:1"),
    ("templates_hold_no_inline_code", {"themes/plain/templates/a.html": "\n<script>go()</script>"}, "a.html:2"),
    ("templates_hold_no_inline_code", {"cms/site/templates/a.html": "{{ body|safe }}"}, "a.html:1"),
    ("templates_hold_no_inline_code", {"cms/site/templates/a.html": "<a onclick='go()'>"}, "a.html:1"),
    ("exceptions_have_reasons", {"cms/a.py": "x = 1  # noqa: F401"}, "cms/a.py:1"),
    ("exceptions_have_reasons", {"plugins/board/a.py": "x = 1  # type: ignore"}, "plugins/board/a.py:1"),
]

INNOCENT = {
    "cms/site/views.py": 'MESSAGE = "Ask the board: it surveys."\nwhat = "surveyed"',
    "cms/pages/blocks.py": "from django.db import models",
    "plugins/board/apps.py": "def impact():\n    from .models import Topic",
    "plugins/board/views.py": "x = 1  # noqa: F401  the reason is written here\ntemplate = 'board/a.html'",
    "themes/plain/templates/board/a.html": "{% url 'board:index' %}<script src='/static/a.js'></script>",
    "cms/pages/migrations/0002_meeting_number.py": "",
}


def plant(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", RULES)
def test_checkout_keeps_rule(name: str) -> None:
    assert RULES[name](ROOT) == []


@pytest.mark.parametrize(("name", "files", "where"), PLANTED, ids=[f"{name}-{where}" for name, _, where in PLANTED])
def test_rule_finds_planted_violation(name: str, files: Mapping[str, str], where: str, tmp_path: Path) -> None:
    plant(tmp_path, {**PLUGINS, **files})

    found = RULES[name](tmp_path)

    assert [line for line in found if where in line], found


@pytest.mark.parametrize("name", RULES)
def test_rule_accepts_innocent_checkout(name: str, tmp_path: Path) -> None:
    plant(tmp_path, {**PLUGINS, **INNOCENT})

    assert RULES[name](tmp_path) == []


def test_every_rule_has_a_planted_violation() -> None:
    assert {name for name, _, _ in PLANTED} == set(RULES)
