"""A section's own way to publication: one writes, another sends back or approves, a third has nothing to do with it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import AUTOSAVE, place_of, press

SUBMIT, PUBLISH = "[name=action-submit]", "[name=action-publish]"
TITLE, REASON = "見本：役員会の開催について", "日付が違います。"


def decide(page: Page, decision: str) -> None:
    """Press a button of the workflow that asks for a comment, and wait for the question."""
    page.locator(f"[data-workflow-action-name={decision}]").last.evaluate("button => button.click()")
    expect(page.locator(".modal-body textarea")).to_be_visible()


def test_draft_is_submitted_sent_back_and_approved(somebody: Callable[..., Page]) -> None:
    writer, editor, visitor = somebody("writer", allowed=AUTOSAVE), somebody("editor", allowed=AUTOSAVE), somebody()
    writer.goto(f"/admin/pages/add/pages/newspage/{place_of(writer, '/news/')}/")
    writer.locator("#id_title").fill(TITLE)
    writer.locator("#id_slug").evaluate("(field, value) => { field.value = value }", "approved-sample")
    expect(writer.locator(PUBLISH)).to_have_count(0)
    press(writer, SUBMIT)
    expect(writer.locator(".messages")).to_contain_text("承認を依頼しました")

    editor.goto("/admin/")
    expect(editor.locator("main")).to_contain_text("あなたの承認を待っています。")
    editor.get_by_role("link", name=TITLE).first.click()
    decide(editor, "reject")
    editor.locator(".modal-body textarea").fill(REASON)
    press(editor, ".modal-body [type=submit]")

    writer.goto("/admin/")
    expect(writer.locator("main")).to_contain_text("差し戻されました。")
    writer.get_by_role("link", name=TITLE).first.click()
    expect(writer.locator(".messages")).to_contain_text(REASON)
    press(writer, SUBMIT)
    visitor.goto("/news/")
    expect(visitor.locator("main")).not_to_contain_text(TITLE)

    editor.goto("/admin/")
    editor.get_by_role("link", name=TITLE).first.click()
    expect(editor.locator(".messages")).not_to_contain_text(REASON)
    decide(editor, "approve")
    press(editor, ".modal-body [type=submit]")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text(TITLE)
    assert mailed_to(editor, "writer@example.jp") == ["承認されました。", "差し戻されました。"]


def mailed_to(page: Page, address: str) -> list[str]:
    """Wait until the last decision has arrived, and return how the subjects about the draft end, the latest first."""
    rows = page.locator("main tr", has_text=address).filter(has_text=TITLE)
    for _attempt in range(30):
        page.goto("/admin/mail/mailbox/")
        if rows.filter(has_text="承認されました。").count():
            break
        page.wait_for_timeout(1000)
    return [re.search(r"」で(\S+。)", row)[1] for row in rows.all_inner_texts()]


def test_editor_of_one_section_has_no_say_in_another(somebody: Callable[..., Page]) -> None:
    editor, writer = somebody("editor"), somebody("writer", allowed="status of 403")
    meetings = place_of(editor, "/meetings/")

    for address in (f"/admin/pages/{meetings}/edit/", f"/admin/pages/add/pages/meetingpage/{meetings}/"):
        assert writer.goto(address).status == 403
    assert "/admin/pages/" not in writer.goto("/meetings/").text()
