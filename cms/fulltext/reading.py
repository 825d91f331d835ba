"""The program that reads one file: `python -I reading.py PATH LENGTH SECONDS` prints its text.

It stands alone: started without Django and without Kairan on its path, so that it starts quickly and knows no secret.
"""

import io
import logging
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

MEMORY_LIMIT = 1 << 30
"""Bytes of address space."""
UNPACKED_LIMIT = 200 << 20
"""Bytes that a docx or xlsx may unpack to. A bomb says so in its own directory, and unpacks to no more than it says."""
PROTECTED, UNREADABLE, TOO_LARGE, UNSUPPORTED = 3, 4, 5, 6

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of old Office files, and of new ones under a password."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
JAPANESE_ENCODINGS = ("utf-8-sig", "cp932", "euc-jp")


class RefusedError(Exception):
    """The file is not read; the argument is the exit code that says why."""


def pieces(path: Path) -> Iterator[str]:
    """Yield the text of a file, whose type is told by its content and not by its name. Raises RefusedError."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return pdf_pieces(path)
    if head.startswith(OLE):
        raise RefusedError(PROTECTED if ENCRYPTED in path.read_bytes() else UNSUPPORTED)
    if head.startswith(b"PK\x03\x04"):
        return office_pieces(path)
    return iter([plain_text(path.read_bytes())])


def pdf_pieces(path: Path) -> Iterator[str]:
    """Yield the text of a PDF page by page."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    try:
        for page in extract_pages(path):
            for element in page:
                if isinstance(element, LTTextContainer):
                    yield element.get_text()
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise RefusedError(PROTECTED) from error


def office_pieces(path: Path) -> Iterator[str]:
    """Yield the text of a docx or xlsx."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_LIMIT:
            raise RefusedError(TOO_LARGE)
    if "word/document.xml" in names:
        return docx_pieces(path)
    if "xl/workbook.xml" in names:
        return xlsx_pieces(path)
    raise RefusedError(UNSUPPORTED)


def docx_pieces(path: Path) -> Iterator[str]:
    """Yield the paragraphs and table cells of a Word file in their order."""
    from docx import Document
    from docx.oxml.ns import qn

    for paragraph in Document(str(path)).element.body.iter(qn("w:p")):
        yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def xlsx_pieces(path: Path) -> Iterator[str]:
    """Yield the cells of an Excel file, sheet by sheet."""
    from openpyxl import load_workbook

    # By a file object: of a path it would want the right ending.
    with path.open("rb") as file:
        for sheet in load_workbook(file, read_only=True, data_only=True).worksheets:
            yield sheet.title
            for row in sheet.iter_rows(values_only=True):
                yield from (str(value) for value in row if value is not None)


def plain_text(data: bytes) -> str:
    """Decode text as Japanese offices write it. Raises RefusedError for what is no text."""
    if b"\x00" in data:
        raise RefusedError(UNSUPPORTED)
    for encoding in JAPANESE_ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError(UNSUPPORTED)


def limited(found: Iterator[str], length: int) -> str:
    """Join the pieces, an empty line between them, until the text is long enough."""
    text = io.StringIO()
    for piece in found:
        if piece.strip():
            text.write(piece.strip() + "\n\n")
        if text.tell() > length:
            break
    return text.getvalue()[:length]


def main(path: str, length: str, seconds: str) -> int:
    """Print the text and return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    logging.disable()
    try:
        text = limited(pieces(Path(path)), int(length))
    except RefusedError as refusal:
        return int(refusal.args[0])
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - a parser fed with anything raises anything; all of it means the same
        return UNREADABLE
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
