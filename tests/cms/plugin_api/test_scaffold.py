"""`plugins new` writes a plugin that passes what the house asks of plugins, and every step of the guide works on it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.exceptions import ValidationError

from cms.plugin_api.scaffold import plugin_write
from tests.demo_process import RunningDemo

ROOT = Path(__file__).resolve().parents[3]
LEFT_BEHIND = shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache", ".hypothesis", "htmlcov")
GUIDE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
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
    """A copy of the product after the guide's first commands."""
    copy = tmp_path_factory.mktemp("checkout") / "product"
    shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    (copy / ".venv").symlink_to(BIN.parent)
    follow(copy, COMMANDS.findall(GUIDE)[0])
    return copy


@pytest.fixture(scope="module")
def finished(checkout) -> Path:
    """The same after every step of the guide."""
    for title, body in FILES.findall(GUIDE):
        (checkout / title).write_text(body, encoding="utf-8")
    for title, body in PATCHES.findall(GUIDE):
        text = (checkout / title).read_text(encoding="utf-8")
        for hunk in body.split("\n@@")[1:]:
            old, new = ("".join(f"{line[1:]}\n" for line in hunk.splitlines()[1:] if line[:1] != skip) for skip in "+-")
            assert text.count(old) == 1, f"{title} holds no such lines:\n{old}"
            text = text.replace(old, new)
        (checkout / title).write_text(text, encoding="utf-8")
    return checkout


def follow(copy: Path, commands: str) -> None:
    """Run commands of the guide one after the other, as they stand there."""
    for program, *arguments in map(shlex.split, commands.strip().splitlines()):
        if arguments[-1:] == ["demo"]:
            visit_demo(copy)
        elif program == "make":  # with the environment that these tests run in
            run(copy, program, "-o", ".venv/dev", "-o", ".venv/base", *arguments)
        else:
            run(copy, program, *arguments)


def visit_demo(copy: Path) -> None:
    """Start the demo on a free port, look at the new plugin's list, and stop it."""
    demo = RunningDemo(copy / "var", root=copy)
    demo.wait_until_up()
    with urlopen(f"{demo.url}/greetings/latest/", timeout=60) as page:  # noqa: S310  our own server
        assert "新着ページ" in page.read().decode()
    assert demo.stop() == 0


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
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment = {**inherited, "KAIRAN_DATA": str(copy / "var"), "PYTHONPATH": search}
    path_to = str(BIN / program) if (BIN / program).exists() else program
    done = subprocess.run([path_to, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_finished_plugin_passes_what_the_guide_asks_of_it(finished):
    follow(finished, COMMANDS.findall(GUIDE)[1])


def test_a_finished_plugin_can_be_switched_as_the_guide_says(finished):
    (switch,) = set(re.findall(r"`(python manage\.py plugins disable \w+)`", GUIDE))
    program, *arguments = shlex.split(switch)

    assert "greetings is off" in run(finished, program, *arguments, "--yes")


def test_every_command_of_the_guide_is_among_those_that_are_run():
    assert len(COMMANDS.findall(GUIDE)) == 2
