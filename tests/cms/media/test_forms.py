"""What is said to somebody whose picture is judged by its header alone."""

import struct
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from cms.media.models import SiteImage

pytestmark = pytest.mark.django_db


def image_form(upload, **changed):
    values = {
        "title": "会場",
        "description": "会場の入口",
        "collection": Collection.get_first_root_node().pk,
        "tags": "",
    }
    return get_image_form(SiteImage)({**values, **changed}, {"file": upload})


def png_claiming(width: int, height: int) -> bytes:
    """Build a PNG of a few hundred bytes whose header promises a picture of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (10_000, 6_000)])
def test_image_bomb_is_refused_with_a_sentence_before_it_is_decoded(width, height):
    upload = SimpleUploadedFile("bomb.png", png_claiming(width, height), "image/png")
    started = time.process_time()

    form = image_form(upload)

    assert not form.is_valid()
    assert "50,000,000" in form.errors["file"][0]
    assert time.process_time() - started < 2


def test_damaged_picture_is_refused_with_a_sentence():
    form = image_form(SimpleUploadedFile("torn.png", png_claiming(100, 100), "image/png"))

    assert not form.is_valid()
    assert list(form.errors) == ["file"]
    assert not SiteImage.objects.exists()
