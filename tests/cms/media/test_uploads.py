"""What may be uploaded, and how it is handed out."""

import struct
import time
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from cms.media.models import SiteDocument, SiteImage
from cms.search.services import document_read
from tests.cms.fulltext.files import bomb, docx, office_under_password, pdf, xlsx
from tests.factories.accounts import UserFactory
from tests.factories.pages import DocumentLibraryPageFactory, home_page

pytestmark = pytest.mark.django_db
AJAX = {"X-Requested-With": "XMLHttpRequest"}


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


PDF, OLE = b"%PDF-1.4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


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
            ("/media/images/../documents/secret.txt", 404),
            ("/media/images/..%2Fdocuments%2Fsecret.txt", 404),
            ("/media/images/nothing.png", 404),
            ("/media/images/", 404),
            ("/media/images/%00", 404),
            ("/media/images/secret.txt", 404),
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
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", PDF),
            ("a.pdf", b"\r\n" * 100 + PDF),
            ("a.pdf", pdf("秘密", password=True)),
            ("a.xlsx", xlsx("名簿")),
            ("a.docx", docx("名簿")),
            ("a.docx", office_under_password()),
            ("a.doc", OLE),
            ("a.JTD", b"anything"),
            ("a.csv", "名,簿".encode("cp932")),
            ("a.txt", b"a < b"),
        ],
    )
    def test_takes_office_files(self, name: str, content: bytes) -> None:
        form = document_form(name, content)

        assert form.is_valid(), form.errors

    @pytest.mark.parametrize("name", ["a.svg", "a.html", "a.htm", "a.exe", "a.js", "a", "a.pdf.html"])
    def test_refuses_what_can_carry_a_script(self, name: str) -> None:
        assert len(document_form(name).errors["file"]) == 1

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.pdf", b"text", "PDFではありません"),
            ("a.pdf", b"PK\x03\x04", "PDFではありません"),
            ("a.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "ウェブページ"),
            ("a.xls", b"\xef\xbb\xbf\n<html><table>", "ウェブページ"),
            ("a.txt", b'<?xml version="1.0"?><svg onload="alert(1)"/>', "ウェブページ"),
            ("a.docx", b"text", "（.docx）"),
            ("a.docx", b"PK\x03\x04 and then nothing", "（.docx）"),
            ("a.zip", OLE, "（.zip）"),
            ("a.doc", PDF, "（.doc）"),
            ("a.xlsx", bomb(), "210.0"),
        ],
    )
    def test_refuses_what_is_not_what_its_name_says(self, name: str, content: bytes, sentence: str) -> None:
        started = time.perf_counter()

        [error] = document_form(name, content).errors["file"]

        assert sentence in error
        assert error.count("。") <= 2
        assert time.perf_counter() - started < 2
        assert not SiteDocument.objects.exists()

    def test_refuses_what_is_too_large_and_keeps_what_was_typed(self, client: Client, settings) -> None:
        settings.DOCUMENT_UPLOAD_LIMIT = 1_000
        client.force_login(UserFactory(is_superuser=True))
        data = {"title": "大きな資料", "tags": "", "file": SimpleUploadedFile("a.txt", bytes(1_001))}

        text = client.post(reverse("wagtaildocs:add"), data).content.decode()

        assert "このファイルは大きすぎます" in text
        assert 'value="大きな資料"' in text
        assert not SiteDocument.objects.exists()

    def test_several_at_once_are_judged_by_the_same_rules(self, client: Client) -> None:
        client.force_login(UserFactory(is_superuser=True))
        data = {"title": "x", "files[]": SimpleUploadedFile("a.pdf", b"text")}

        response = client.post(reverse("wagtaildocs:add_multiple"), data, headers=AJAX)

        assert response.json()["success"] is False
        assert "PDFではありません" in response.json()["error_message"]

    @pytest.mark.parametrize("url", ["/contact/", "/admin/documents/add/"])
    def test_far_too_large_request_is_not_even_read(self, client: Client, settings, url: str) -> None:
        settings.UPLOAD_LIMIT = 1_000
        home_page()
        client.force_login(UserFactory(is_superuser=True))

        response = client.post(url, {"file": SimpleUploadedFile("a.txt", bytes(2_000))})

        assert response.status_code == 413
        assert "大きすぎて送信できません" in response.content.decode()

    def test_protected_by_a_password_says_so_in_the_form(self, client: Client) -> None:
        document = SiteDocument.objects.create(title="資料", file=ContentFile(pdf("秘密", password=True), "a.pdf"))
        document_read(document_id=document.pk)
        client.force_login(UserFactory(is_superuser=True))

        text = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()

        assert "パスワード" in text

    def test_are_handed_out_as_downloads(self, client: Client) -> None:
        document = SiteDocument.objects.create(title="資料", file=ContentFile(b"%PDF-1.4", "資料.pdf"))

        response = client.get(document.url)
        response.close()

        assert document.url.startswith("/files/")
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


class TestDescription:
    WORDS = "会費の<b>日割</b>計算"

    def test_is_kept_by_every_form(self, client: Client, django_capture_on_commit_callbacks) -> None:
        client.force_login(UserFactory(is_superuser=True))
        filled = {"title": "規程", "description": self.WORDS, "tags": ""}
        client.post(reverse("wagtaildocs:add"), {**filled, "file": SimpleUploadedFile("a.txt", b"a")})
        added = SiteDocument.objects.get()
        assert added.description == self.WORDS

        path = reverse("wagtaildocs:edit", args=[added.pk])
        assert "&lt;b&gt;日割" in client.get(path).content.decode()
        client.post(path, {**filled, "description": "日割"})
        added.refresh_from_db()
        assert added.description == "日割"

        sent = {"title": "様式", "files[]": SimpleUploadedFile("b.txt", b"b")}
        answer = client.post(reverse("wagtaildocs:add_multiple"), sent, headers=AJAX).json()
        second = SiteDocument.objects.exclude(pk=added.pk).get()
        assert f'name="doc-{second.pk}-description"' in answer["form"]
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                reverse("wagtaildocs:edit_multiple", args=[second.pk]),
                {f"doc-{second.pk}-{name}": value for name, value in filled.items()},
                headers=AJAX,
            )
        listed = client.get(reverse("wagtaildocs:index_results"), {"q": "会費"}).content.decode()
        assert [reverse("wagtaildocs:edit", args=[one.pk]) in listed for one in (added, second)] == [False, True]

    def test_stands_below_the_title_for_readers(self, client: Client) -> None:
        file = ContentFile(b"a", "a.txt")
        document = SiteDocument.objects.create(title="規程", description=self.WORDS, file=file)
        groups = [("documents", {"heading": "", "documents": [document]})]
        library = DocumentLibraryPageFactory(parent=home_page(), groups=groups)

        assert "会費の&lt;b&gt;日割&lt;/b&gt;計算</p>" in client.get(library.url).content.decode()
