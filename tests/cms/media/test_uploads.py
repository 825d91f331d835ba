"""What may be uploaded, and how it is handed out."""

import struct
import time
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from cms.media.models import SiteDocument, SiteImage

pytestmark = pytest.mark.django_db


def png(width: int, height: int) -> bytes:
    """A grey PNG of any size, written without ever holding its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, row, data = zlib.compressobj(), b"\0" + b"\x80" * width, b""
    for _ in range(height):
        data += packer.compress(row)
    data += packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def image_form(content: bytes, name: str = "photo.png", **fields: str):
    data = {"title": "会場", "description": "会場の様子", "collection": Collection.objects.get(depth=1).pk, **fields}
    return get_image_form(SiteImage)(data, {"file": SimpleUploadedFile(name, content, "image/png")})


def document_form(name: str, content: bytes = b"text"):
    data = {"title": "資料", "collection": Collection.objects.get(depth=1).pk, "tags": ""}
    return get_document_form(SiteDocument)(data, {"file": SimpleUploadedFile(name, content)})


class TestImages:
    def test_takes_an_ordinary_one(self) -> None:
        form = image_form(png(40, 30))

        assert form.is_valid(), form.errors
        assert (form.save().width, form.instance.height) == (40, 30)

    def test_refuses_one_without_a_description(self) -> None:
        assert "description" in image_form(png(40, 30), description="").errors

    def test_refuses_a_bomb_at_once_with_a_sentence(self) -> None:
        bomb = png(20_000, 20_000)
        started = time.perf_counter()

        errors = image_form(bomb).errors

        assert time.perf_counter() - started < 2
        assert "50,000,000" in str(errors["file"]).replace("50000000", "50,000,000")
        assert not SiteImage.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), ("x.png", b"<html></html>"), ("x.html", b"<p>")],
    )
    def test_refuses_what_is_no_picture(self, name: str, content: bytes) -> None:
        assert "file" in image_form(content, name).errors


class TestRenditions:
    def test_are_served_with_their_size(self, client: Client) -> None:
        image = SiteImage.objects.create(title="会場", description="x", file=ContentFile(png(40, 30), "p.png"))

        made = image.get_rendition("width-20|format-webp")
        response = client.get(made.url)

        assert (made.width, made.height) == (20, 15)
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert b"WEBP" in response.getvalue()[:16]
        response.close()

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/media/images/../documents/secret.txt", 400),
            ("/media/images/..%2Fdocuments%2Fsecret.txt", 400),
            ("/media/images/nothing.png", 404),
            ("/media/images/", 404),
            ("/media/documents/secret.txt", 404),
            ("/media/original_images/secret.txt", 404),
        ],
    )
    def test_nothing_else_is(self, client: Client, settings, path: str, status: int) -> None:
        for folder in ("images", "documents", "original_images"):
            (settings.MEDIA_ROOT / folder).mkdir(parents=True, exist_ok=True)
            (settings.MEDIA_ROOT / folder / "secret.txt").write_text("secret")

        response = client.get(path)

        assert response.status_code == status


class TestDocuments:
    @pytest.mark.parametrize("name", ["a.pdf", "a.xlsx", "a.JTD", "a.csv"])
    def test_takes_office_files(self, name: str) -> None:
        form = document_form(name)

        assert form.is_valid(), form.errors

    @pytest.mark.parametrize("name", ["a.svg", "a.html", "a.htm", "a.exe", "a.js", "a", "a.pdf.html"])
    def test_refuses_what_can_carry_a_script(self, name: str) -> None:
        assert "file" in document_form(name).errors

    def test_are_handed_out_as_downloads(self, client: Client) -> None:
        document = SiteDocument.objects.create(title="資料", file=ContentFile(b"%PDF-1.4", "資料.pdf"))

        response = client.get(document.url)
        response.close()

        assert document.url.startswith("/files/")
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
