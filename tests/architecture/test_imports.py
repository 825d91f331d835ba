"""Each import contract of pyproject.toml is shown to fail on a copy of the checkout with one violation planted."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.rules import LIBRARY_ROOMS, core_rooms

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]

SPOILED = {
    "plugins/spoiled_a/__init__.py": "",
    "plugins/spoiled_a/apps.py": "",
    "plugins/spoiled_a/models.py": "from . import services\nfrom django_q.tasks import async_task",
    "plugins/spoiled_a/services.py": "import cms.settings.base\nimport cms.accounts.internal",
    "plugins/spoiled_a/selectors.py": "if TYPE_CHECKING:\n    from plugins.spoiled_b import apps",
    "plugins/spoiled_b/__init__.py": "",
    "plugins/spoiled_b/apps.py": "",
    "plugins/spoiled_b/helpers.py": "",
    "cms/accounts/internal.py": "",
    "cms/accounts/utils.py": "",
    "cms/accounts/enums.py": "def late():\n    from cms.accounts import models",
    "cms/accounts/views.py": "from plugins.spoiled_b import apps\nimport cms.spoiled_room",
    "cms/spoiled_room/__init__.py": "import cms.accounts.enums",
}

EXPECTED = {
    "plugins-over-core": "cms is not allowed to import plugins",
    "plugins-independent": "plugins.spoiled_a is not allowed to import plugins.spoiled_b",
    "plugin-layers": "plugins.spoiled_b.helpers",
    "core-layers": "cms.accounts.utils",
    "core-acyclic": ".spoiled_room",
    "settings-private": "plugins.spoiled_a.services -> cms.settings.base",
    "queue-hidden": "plugins.spoiled_a.models -> django_q",
    "public-doors": "plugins.spoiled_a.services -> cms.accounts.internal",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a spoiled copy of the checkout."""
    copy = tmp_path_factory.mktemp("spoiled")
    for room in ("cms", "plugins"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name, text in SPOILED.items():
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "200"}
    run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    return run.stdout


@pytest.mark.parametrize("contract", CONTRACTS, ids=[contract["id"] for contract in CONTRACTS])
def test_contract_finds_planted_violation(contract: dict[str, str], report: str) -> None:
    assert f"{contract['name']} BROKEN" in report
    section = report[report.index("Broken contracts") :].split(contract["name"], 1)[1]
    assert EXPECTED[contract["id"]] in section, section


def test_layers_are_checked_in_every_room_of_the_core() -> None:
    (layers,) = (contract for contract in CONTRACTS if contract["id"] == "core-layers")

    listed = {name.removeprefix("cms.") for name in layers["containers"]}

    assert listed == set(core_rooms(ROOT)) - LIBRARY_ROOMS
