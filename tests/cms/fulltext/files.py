"""Files as people upload them, made here so that each says what is in it."""

import io
import zipfile

from docx import Document
from openpyxl import Workbook


def pdf(text: str, *, password: bool = False) -> bytes:
    """A page of Japanese in Shift JIS without an embedded font, as old software writes it."""
    shown = text.encode("cp932").hex()
    stream = f"BT /F1 12 Tf 72 720 Td <{shown}> Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H /DescendantFonts [6 0 R] >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /FontDescriptor 7 0 R"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>"
        ),
        (
            b"<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /Ascent 880 /Descent -120 /CapHeight 700"
            b" /StemV 80 /ItalicAngle 0 /FontBBox [0 -120 1000 880] >>"
        ),
    ]
    if password:
        key = b"0" * 64
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (key, key))
    return _assembled(objects, is_encrypted=password)


def _assembled(objects: list[bytes], *, is_encrypted: bool) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    encrypt = b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects) if is_encrypted else b""
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, encrypt, start))
    return out.getvalue()


def docx(*paragraphs: str, cell: str = "") -> bytes:
    """A Word file with paragraphs and a table of one cell."""
    document, out = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_table(1, 1).cell(0, 0).text = cell
    document.save(out)
    return out.getvalue()


def xlsx(*cells: object) -> bytes:
    """An Excel file with a row of cells."""
    book, out = Workbook(), io.BytesIO()
    book.active.title = "名簿"
    book.active.append(list(cells))
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """An xlsx of a few hundred KB that unpacks to 210 MB."""
    out = io.BytesIO(xlsx("無害"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/zeros", "w") as zeros:
        for _ in range(210):
            zeros.write(bytes(1 << 20))
    return out.getvalue()


def office_under_password() -> bytes:
    """What Office writes when a file gets a password: a container with another inside."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
