"""A page comes, goes and moves: at its time, with what was there pointing to where it is."""

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from cms.calendar import TOKYO
from tests.browser.conftest import place_of, press, press_save
from tests.demo_process import RunningDemo

TITLE = "見本：編集の試し"
PASS = """
from datetime import timedelta
from unittest.mock import patch
from django.utils import timezone
from cms.jobs.tasks import publish_scheduled
with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(hours={hours})):
    publish_scheduled.call()
"""
"""Instead of waiting, does what the worker does each minute as it will be in some hours."""


def set_times(page: Page, **moments: datetime | None) -> None:
    """Choose in the dialog when the page comes and when it goes."""
    page.locator("[data-side-panel-toggle=status]").first.click()
    page.get_by_role("button", name="日時を").first.click()
    for name, moment in moments.items():
        page.locator(f"#id_{name}").fill(f"{moment:%Y-%m-%d %H:%M}" if moment else "")
        page.keyboard.press("Tab")
    page.get_by_role("button", name="日時を保存").evaluate("button => button.click()")
    expect(page.get_by_role("button", name="日時を保存")).to_be_hidden()


def test_page_comes_and_goes_at_its_time(draft: tuple[Page, str], somebody, demo_site: RunningDemo) -> None:
    editor, address = draft
    visitor = somebody(allowed="status of 404")
    later = datetime.now(TOKYO) + timedelta(days=1)
    editor.goto(address)
    set_times(editor, go_live_at=later, expire_at=later + timedelta(days=1))
    press(editor, "[name=action-publish]")
    assert visitor.goto("/news/editing-sample/").status == 404

    demo_site.shell(PASS.format(hours=25))
    assert visitor.goto("/news/editing-sample/").status == 200
    expect(visitor.get_by_role("heading", name=TITLE)).to_be_visible()
    visitor.goto("/news/")
    expect(visitor.locator("main")).to_contain_text(TITLE)

    demo_site.shell(PASS.format(hours=49))
    assert visitor.goto("/news/editing-sample/").status == 404
    visitor.goto("/news/")
    expect(visitor.locator("main")).not_to_contain_text(TITLE)


def test_old_address_leads_to_the_new_one(draft: tuple[Page, str], somebody: Callable[..., Page]) -> None:
    editor, address = draft
    visitor = somebody()
    press(editor, "[name=action-publish]")

    editor.goto(address)
    editor.get_by_role("tab", name="検索・公開設定").click()
    editor.locator("#id_slug").fill("editing-sample-2")
    press(editor, "[name=action-publish]")
    visitor.goto("/news/editing-sample/")
    assert visitor.url.endswith("/news/editing-sample-2/")


def test_moved_page_is_found_at_its_old_address(somebody: Callable[..., Page]) -> None:
    editor, visitor = somebody("editor"), somebody()
    page, about, home = (place_of(editor, address) for address in ("/documents/plan-fy2010/", "/about/", "/documents/"))
    try:
        move(editor, page, about)
        visitor.goto("/documents/plan-fy2010/")
        assert visitor.url.endswith("/about/plan-fy2010/")
        editor.goto("/admin/redirects/")
        expect(editor.locator("main")).to_contain_text("/documents/plan-fy2010")
    finally:
        move(editor, page, home)
    visitor.goto("/about/plan-fy2010/")
    assert visitor.url.endswith("/documents/plan-fy2010/")


def move(editor: Page, page: str, to: str) -> None:
    """Move a page below another, and confirm it."""
    editor.goto(f"/admin/pages/{page}/move/{to}/confirm/")
    press(editor, "form[action*='/move/'] [type=submit]")
    expect(editor.locator(".messages")).to_contain_text("移動しました")


def test_before_a_page_is_deleted_its_form_says_what_leads_there(draft: tuple[Page, str]) -> None:
    editor, address = draft
    number = address.split("/")[3]
    press_save(editor)
    editor.goto(address)
    editor.locator("[data-side-panel-toggle=status]").first.click()
    expect(editor.locator("[data-side-panel=status]")).to_contain_text("使用箇所")
    editor.goto(f"/admin/pages/{number}/delete/")
    expect(editor.locator("main")).to_contain_text("0箇所で使われています")
