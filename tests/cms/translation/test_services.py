import os
from pathlib import Path

import polib
import pytest

from cms.translation.services import catalogs_compile

PO = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Meeting"
msgstr "役員会"

#, fuzzy
msgid "Seminar"
msgstr "ちがう"
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "cms" / "pages" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    return path


def test_catalogs_compile_writes_translated_messages_and_leaves_fuzzy_ones_out(catalog: Path, tmp_path: Path) -> None:
    written = catalogs_compile(root=tmp_path)

    assert written == [catalog.with_suffix(".mo")]
    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(written[0]))} == {"Meeting": "役員会"}
    assert sorted(path.suffix for path in catalog.parent.iterdir()) == [".mo", ".po"]


def test_catalogs_compile_skips_what_is_newer_than_its_source(catalog: Path, tmp_path: Path) -> None:
    catalogs_compile(root=tmp_path)
    assert catalogs_compile(root=tmp_path) == []

    later = catalog.with_suffix(".mo").stat().st_mtime_ns + 1_000_000
    os.utime(catalog, ns=(later, later))
    assert catalogs_compile(root=tmp_path) == [catalog.with_suffix(".mo")]
