"""A document's life in the library: used, replaced, withheld, deleted with all of its files."""

import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import press
from tests.demo_process import RunningDemo

FIRST, SECOND, REASON = "見本：第1版の本文", "見本：第2版の本文", "2ページの日付を訂正"

LARGE = 40_000_000
"""Bytes of a document that no buffer between server and reader holds: what is read late is still on the server."""
PIECE = b"0123456789"
MAKE_LARGE = f"""
from django.core.files.base import ContentFile
from wagtail.models import Collection
from cms.media.models import SiteDocument
collection = Collection.get_first_root_node().add_child(name="見本：大きな資料")
content = ContentFile({PIECE!r} * {LARGE // len(PIECE)}, "large.bin")
print(SiteDocument.objects.create(title="見本：大きな資料", file=content, collection=collection).pk, collection.pk)
"""
DELETE_LARGE = """
from wagtail.models import Collection
from cms.media.models import SiteDocument
SiteDocument.objects.get(title="見本：大きな資料").delete()
Collection.objects.get(name="見本：大きな資料").delete()
"""


def stored(site: RunningDemo) -> set[str]:
    """Return the names of the documents' files on the disk."""
    return {path.name for path in (site.data / "media" / "documents").iterdir()}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two versions of a document, under names that have nothing in common."""
    made = [tmp_path / "youkou.txt", tmp_path / "別の名前（最終）.txt"]
    for path, text in zip(made, (FIRST, SECOND), strict=True):
        path.write_text(text, encoding="utf-8")
    return made


def test_document_is_replaced_withheld_and_deleted(
    somebody: Callable[..., Page], demo_site: RunningDemo, files: list[Path]
) -> None:
    editor, visitor = somebody("editor"), somebody(allowed="status of 404")
    before = stored(demo_site)
    editor.goto("/admin/documents/add/")
    editor.locator("#id_title").fill("見本：要綱")
    editor.locator("#id_file").set_input_files(files[0])
    press(editor, "main form [type=submit]")
    editor.get_by_role("link", name="見本：要綱").first.click()
    number = re.search(r"/documents/edit/(\d+)/", editor.url)[1]
    address = f"/files/{number}/"
    assert visitor.context.request.get(address).text() == FIRST

    editor.locator("#id_file").set_input_files(files[1])
    press(editor, "main form [type=submit]")
    expect(editor.get_by_text("差し替える理由").first).to_be_visible()
    editor.locator("#id_file").set_input_files(files[1])
    editor.locator("#id_reason").fill(REASON)
    press(editor, "main form [type=submit]")
    answer = visitor.context.request.get(address)
    assert answer.text() == SECOND
    assert "%E6%9C%80%E7%B5%82" in answer.headers["content-disposition"]

    visitor.goto(f"{address}history/")
    expect(visitor.locator("main")).to_contain_text(REASON)
    earlier = visitor.locator("main a", has_text="第1版").get_attribute("href")
    assert visitor.context.request.get(earlier).text() == FIRST
    editor.goto(f"/admin/documents/edit/{number}/")
    editor.get_by_role("link", name="閲覧を停止").click()
    press(editor, "main form [type=submit]")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text(REASON)
    assert visitor.context.request.get(earlier).status == 404
    assert len(stored(demo_site) - before) == 2

    editor.goto(f"/admin/documents/delete/{number}/")
    expect(editor.locator("main")).to_contain_text("0箇所で使われています")
    press(editor, "main form [type=submit]")
    assert visitor.context.request.get(address).status == 404
    assert stored(demo_site) == before


def test_usage_is_told_before_a_document_or_an_image_is_deleted(somebody: Callable[..., Page]) -> None:
    editor = somebody("editor")
    for kind, place in (("documents", "資料"), ("images", "本会について")):
        listed = editor.goto(f"/admin/{kind}/").text()
        number = re.search(rf"/admin/{kind}/(?:edit/)?(\d+)/", listed)[1]
        delete = f"/admin/{kind}/delete/{number}/" if kind == "documents" else f"/admin/{kind}/{number}/delete/"
        editor.goto(delete)
        usage = editor.locator("main a[href*='/usage/']").first
        expect(usage).to_contain_text("1箇所で使われています")
        usage.click()
        expect(editor.locator("main table")).to_contain_text(place)


@pytest.fixture
def large(demo_site: RunningDemo) -> Iterator[tuple[str, str]]:
    """The numbers of a large document that is for everyone, and of its collection."""
    number, collection = demo_site.shell(MAKE_LARGE).split()[-2:]
    yield number, collection
    demo_site.shell(DELETE_LARGE)


def test_download_that_has_begun_ends_and_its_next_part_is_refused_once_the_rule_is_narrowed(
    somebody: Callable[..., Page], demo_site: RunningDemo, large: tuple[str, str]
) -> None:
    number, collection = large
    editor = somebody("admin")
    editor.goto(f"/admin/collections/{collection}/privacy/")
    editor.locator("[name=audience][value=member]").check()
    slow, next_part = (HTTPConnection("localhost", demo_site.port, timeout=60) for _reader in range(2))
    slow.request("GET", f"/files/{number}/")
    answer = slow.getresponse()
    begun = answer.read(100_000)

    press(editor, "main form [type=submit]")

    expect(editor.locator(".messages")).to_contain_text("会員団体")
    next_part.request("GET", f"/files/{number}/", headers={"Range": f"bytes={LARGE // 2}-"})
    refused = next_part.getresponse()
    assert (refused.status, refused.headers["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert PIECE not in refused.read()
    assert (answer.status, begun + answer.read()) == (200, PIECE * (LARGE // len(PIECE)))
    for one in (slow, next_part):
        one.close()
