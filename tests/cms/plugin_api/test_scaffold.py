"""`plugins new` writes a plugin that passes what the house asks of plugins, and the guide's steps work on it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from cms.plugin_api.scaffold import plugin_write
from tests.architecture.rules import RULES

ROOT = Path(__file__).resolve().parents[3]
COPIED = ("cms", "plugins", "tests", "themes", "fixtures", "bench", "manage.py", "pyproject.toml")
FILES = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)
PATCHES = re.compile(r"^```diff\n--- a/.*?\n\+\+\+ b/(.*?)(\n@@.*?)^```$", re.DOTALL | re.MULTILINE)
BIN = Path(sys.executable).parent


@pytest.mark.parametrize("slug", ["Surveys", "2009", "a-b", "class", "", "x" * 40])
def test_a_name_that_is_no_identifier_is_refused(tmp_path, slug):
    with pytest.raises(ValidationError):
        plugin_write(slug=slug, root=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("slug", ["dummy", "accounts", "admin", "auth"])
def test_a_name_that_is_taken_is_refused(tmp_path, slug):
    with pytest.raises(ValidationError):
        plugin_write(slug=slug, root=tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_existing_folder_is_left_alone(tmp_path):
    (tmp_path / "plugins" / "mine").mkdir(parents=True)

    with pytest.raises(ValidationError):
        plugin_write(slug="mine", root=tmp_path)
    assert not list((tmp_path / "plugins" / "mine").iterdir())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the product with a plugin fresh from `plugins new`."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, copy / name)
    run(copy, "python", "manage.py", "plugins", "new", "greetings")
    return copy


@pytest.fixture(scope="module")
def finished(checkout) -> Path:
    """The same after every step of the guide."""
    guide = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    for title, body in FILES.findall(guide):
        (checkout / title).write_text(body, encoding="utf-8")
    for title, body in PATCHES.findall(guide):
        text = (checkout / title).read_text(encoding="utf-8")
        for hunk in body.split("\n@@")[1:]:
            old, new = ("".join(f"{line[1:]}\n" for line in hunk.splitlines()[1:] if line[:1] != skip) for skip in "+-")
            assert text.count(old) == 1, f"{title} holds no such lines:\n{old}"
            text = text.replace(old, new)
        (checkout / title).write_text(text, encoding="utf-8")
    return checkout


def test_a_plugin_passes_its_tests_and_the_contract_as_it_is_written(checkout):
    contract = "tests/cms/plugin_api/test_contract.py"
    out = run(checkout, "pytest", "-v", "-k", "greetings", "tests/plugins", contract)

    assert "TestGreetings::test_every_address_is_404_for_everybody_while_off PASSED" in out
    assert "test_the_list_shows_live_pages_only PASSED" in out


@pytest.fixture
def package(checkout, tmp_path) -> Path:
    """The same plugin as an installed package: a folder on the path, with an entry point beside it."""
    plugin_write(slug="hello", root=tmp_path)
    package = (tmp_path / "plugins" / "hello").rename(tmp_path / "kairan_hello")
    for path in package.rglob("*.py"):
        path.write_text(path.read_text(encoding="utf-8").replace("plugins.hello", "kairan_hello"), encoding="utf-8")
    info = tmp_path / "kairan_hello-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kairan-hello\nVersion: 0.1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[kairan.plugins]\nhello = kairan_hello\n", encoding="utf-8")
    run(checkout, "python", "manage.py", "makemigrations", "hello", "--name", "initial", path=tmp_path)
    return tmp_path


def test_an_installed_package_is_a_plugin_like_any_other(checkout, package):
    out = run(checkout, "pytest", "-v", "-k", "TestHello", "tests/cms/plugin_api/test_contract.py", path=package)

    assert "TestHello::test_every_address_is_404_for_everybody_while_off PASSED" in out


def run(copy: Path, program: str, *arguments: str, path: Path | None = None) -> str:
    """Run a program of the environment in the copy; its output is the message where it fails."""
    search = os.pathsep.join(str(folder) for folder in (copy, path) if folder)
    environment = {**os.environ, "KAIRAN_DATA": str(copy / "var"), "PYTHONPATH": search}
    if "DJANGO_SETTINGS_MODULE" in environment and program != "pytest":
        environment["DJANGO_SETTINGS_MODULE"] = "cms.settings.dev"
    done = subprocess.run(
        [BIN / program, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "plugins", "tests/plugins"),
        ("ruff", "format", "--check", "plugins", "tests/plugins"),
        ("mypy", "plugins/greetings"),
        ("lint-imports",),
        ("djlint", "--lint", "--quiet", "plugins"),
        ("python", "manage.py", "check"),
        ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    ],
    ids=" ".join,
)
def test_a_finished_plugin_passes_make_check(finished, command):
    run(finished, *command)


def test_a_finished_plugin_keeps_the_rules_of_the_house(finished):
    broken = [line for rule in RULES.values() for line in rule(finished) if "greetings" in line]

    assert broken == []


def test_a_finished_plugin_passes_its_tests(finished):
    out = run(finished, "pytest", "-v", "tests/plugins/greetings")

    assert "test_nothing_stands_there_while_the_plugin_is_off PASSED" in out
