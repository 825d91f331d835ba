"""Text out of files: each type, each way to refuse, and that nothing a stranger made stops the caller."""

import io
import time

import pytest

from cms.fulltext import extraction
from cms.fulltext.extraction import Extraction, extract
from tests.cms.fulltext import files

LIMITS = {"size_limit": 5 << 20, "length_limit": 1000, "seconds": 60}


def read(data: bytes, **limits: int) -> Extraction:
    return extract(io.BytesIO(data), **{**LIMITS, **limits})


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (files.pdf("電子自治体の推進と自治体クラウド"), ["電子自治体の推進と自治体クラウド"]),
        (files.docx("第1条", "この要綱は", cell="別表"), ["第1条", "この要綱は", "別表"]),
        (files.xlsx("松山市", 1238, None, "①②"), ["名簿", "松山市", "1238", "①②"]),
        ("会議の記録".encode(), ["会議の記録"]),
        ("会議の記録".encode("utf-8-sig"), ["会議の記録"]),
        ("会議の記録～髙①".encode("cp932"), ["会議の記録～髙①"]),
    ],
    ids=["pdf", "docx", "xlsx", "utf-8", "utf-8 with mark", "cp932"],
)
def test_text_of_each_type_is_read(data: bytes, parts: list[str]) -> None:
    found = read(data)

    assert found.state == "done"
    assert found.text.split("\n\n") == parts


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (files.pdf("秘", password=True), "protected"),
        (files.office_under_password(), "protected"),
        (files.bomb(), "too_large"),
        (b"%PDF-1.4 this is no PDF", "unreadable"),
        (files.docx("x")[:2000], "unreadable"),
        (b"PK\x03\x04" + bytes(100), "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "unsupported"),
        (b"\x89PNG\r\n\x1a\n\x00", "unsupported"),
        (b"", "empty"),
        ("　\n ".encode(), "empty"),
    ],
    ids=[
        *("PDF with password", "Office with password", "bomb", "no PDF", "cut docx", "no zip"),
        *("old Word", "image", "nothing", "only spaces"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, state: str) -> None:
    assert read(data) == Extraction(state)


def test_large_file_is_not_even_copied() -> None:
    assert read(b"x" * 2000, size_limit=1999) == Extraction("too_large")


def test_text_is_cut_at_the_limit() -> None:
    assert read(("字" * 5000).encode()).text == "字" * 1000


@pytest.mark.parametrize(
    ("program", "state"),
    [
        ("import time; time.sleep(60)", "timed_out"),
        ("import os; os.abort()", "unreadable"),
        ("x = [0] * (1 << 40)", "unreadable"),
    ],
    ids=["hangs", "crashes", "swallows memory"],
)
def test_reader_that_fails_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path, program: str, state: str) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text(program)
    monkeypatch.setattr(extraction, "READER", reader)
    began = time.monotonic()

    assert read(b"x", seconds=1) == Extraction(state)
    assert time.monotonic() - began < 10
