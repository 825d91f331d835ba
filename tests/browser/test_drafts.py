"""A draft on its way: shown by a link to somebody without an account, printed on A4 for approval."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import place_of, press
from tests.demo_process import RunningDemo

TITLE = "見本：編集の試し"
EXPIRE = """
from datetime import timedelta
from django.utils import timezone
from cms.drafts.models import DraftLink
now = timezone.now()
DraftLink.objects.update(created_at=now - timedelta(days=9), expires_at=now - timedelta(seconds=1))
"""


def test_link_shows_the_draft_until_it_expires(
    draft: tuple[Page, str], somebody: Callable[..., Page], demo_site: RunningDemo
) -> None:
    editor, address = draft
    stranger = somebody(allowed="status of 4")
    assert stranger.goto("/news/editing-sample/").status == 404
    editor.goto(address.replace("/edit/", "/draft-links/"))
    editor.locator("[name=note]").fill("講師の方")
    press(editor, "main form [type=submit]")
    link = editor.locator("main input[readonly]").input_value()

    assert stranger.goto(link).status == 200
    expect(stranger.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(stranger.locator(".draft-banner")).to_contain_text("下書き（公開前）")

    demo_site.shell(EXPIRE)
    assert stranger.goto(link).status == 410
    expect(stranger.locator("main")).to_contain_text("リンクを送った人")
    expect(stranger.locator("body")).not_to_contain_text(TITLE)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext reads the sheet back")
def test_sheet_for_approval_is_a4_with_numbered_pages(draft: tuple[Page, str], tmp_path: Path) -> None:
    editor, _address = draft
    editor.goto(f"/admin/pages/{place_of(editor, '/about/')}/approval-sheet/")
    expect(editor.locator("img").last).to_have_js_property("loading", "eager")

    sheet = tmp_path / "sheet.pdf"
    editor.pdf(path=sheet, prefer_css_page_size=True)

    text = subprocess.run(["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607  found by PATH everywhere
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 1
    numbers = [re.search(r"^ *(\d+) ?/ ?(\d+)$", page, re.MULTILINE).groups() for page in pages]
    assert numbers == [(str(number), str(len(pages))) for number in range(1, len(pages) + 1)]
    assert "事務局長" in pages[0]
    assert re.search(rb"/MediaBox \[0 0 59[45]\S* 84[12]", sheet.read_bytes())
