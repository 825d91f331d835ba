"""Every message of every room is translated: what is extracted now, not what was extracted once."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from cms.translation.services import catalog_paths

ROOT = Path(__file__).resolve().parents[2]
# The settings' own words, names of languages, are translated by Django.
ROOMS = sorted(
    path.relative_to(ROOT)
    for path in [*ROOT.glob("cms/*/"), *ROOT.glob("plugins/*/"), *ROOT.glob("themes/*/")]
    if path.name not in {"settings", "locale", "__pycache__"}
)
EXTRACTED = {".py", ".html", ".txt", ".po"}


@pytest.fixture(autouse=True)
def _gettext() -> None:
    if shutil.which("xgettext") is None:
        if os.environ.get("CI"):
            pytest.fail("CI checks the translations, but GNU gettext (xgettext) is not installed.")
        pytest.skip("GNU gettext (xgettext) is not installed")


def untranslated(room: Path, into: Path) -> list[str]:
    """Extract the messages of a copy of the room and return those without a translation of their own."""
    copy = into / room.name
    shutil.copytree(
        room, copy, ignore=lambda folder, names: [n for n in names if "." in n and Path(n).suffix not in EXTRACTED]
    )
    (copy / "locale").mkdir(exist_ok=True)
    command = [
        Path(sys.executable).with_name("django-admin"),
        "makemessages",
        "--locale=ja",
        "--no-obsolete",
        "--no-wrap",
        "--add-location=never",
    ]
    environment = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    catalog = copy / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    if not catalog.exists():
        return []
    entries = polib.pofile(str(catalog))
    return [entry.msgid for entry in entries if not entry.obsolete and (entry.fuzzy or not entry.translated())]


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_every_message_is_translated(room: Path, tmp_path: Path) -> None:
    assert untranslated(ROOT / room, tmp_path) == []


def test_missing_empty_and_fuzzy_translations_are_found(tmp_path: Path) -> None:
    catalog = tmp_path / "room" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    entries = 'msgid "Done"\nmsgstr "済み"\n\nmsgid "Empty"\nmsgstr ""\n\n#, fuzzy\nmsgid "Guessed"\nmsgstr "推測"\n'
    catalog.write_text(header + entries, encoding="utf-8")
    calls = "".join(f"_({word!r})\n" for word in ("Done", "Empty", "Guessed", "Forgotten entirely"))
    (tmp_path / "room" / "models.py").write_text(f"from x import gettext_lazy as _\n{calls}", encoding="utf-8")

    found = untranslated(tmp_path / "room", tmp_path / "copy")

    assert sorted(found) == ["Empty", "Forgotten entirely", "Guessed"]


@pytest.mark.parametrize("spelling", ["すでに", "かまいません", "御(?:本人|自身|利用|連絡)", "または", "および"])
def test_japanese_is_spelled_one_way(spelling: str) -> None:
    """As 公用文作成の考え方 has it: 既に, 構いません, 又は, 及び; and ご before what its reader is or does."""
    catalogs = [polib.pofile(str(path)) for path in catalog_paths(ROOT) if path.match("ja/LC_MESSAGES/django.po")]
    said = {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "") for catalog in catalogs for entry in catalog}

    assert {message: text for message, text in said.items() if re.search(spelling, text)} == {}
