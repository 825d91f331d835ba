"""What the secretariat does in the admin, seen by visitors at once."""

import re

from playwright.sync_api import Page, expect

PUBLISH = "[name=action-publish]"


def publish(page: Page) -> None:
    """Press the button behind the arrow beside «save draft»."""
    with page.expect_navigation(wait_until="load"):
        page.locator(PUBLISH).evaluate("button => button.click()")


def test_editor_publishes_another_meeting(page: Page, login) -> None:
    login(page, "editor")
    # Wagtail's bar, shown to editors on the page itself, leads to it in the admin.
    parent = re.search(r"/admin/pages/(\d+)/edit/", page.goto("/meetings/").text())[1]
    page.goto("/admin/meetings/")
    expect(page.locator("main")).to_contain_text("平成21年度第3回役員会")
    page.goto(f"/admin/pages/add/pages/meetingpage/{parent}/")
    expect(page.locator("[name=venue_city]")).to_have_value("大阪")
    page.locator("[name=start]").fill("2026-06-10 13:00")
    page.locator("[name=end]").fill("2026-06-10 15:00")
    page.keyboard.press("Escape")
    publish(page)

    page.goto("/meetings/")
    expect(page.locator(".list__title").first).to_have_text("令和8年度第1回役員会")


def test_administrator_switches_seminars_off_and_on(page: Page, visit, login) -> None:
    visitor = visit.context.browser.new_context(base_url=page.url if page.url.startswith("http") else None)
    login(page, "admin")
    site = page.evaluate("location.origin")
    try:
        seen = visitor.new_page()
        assert seen.goto(f"{site}/seminars/").status == 200

        for action, status in (("disable", 404), ("enable", 200)):
            page.goto(f"/admin/plugins/seminars/{action}/")
            page.locator(".switchboard__form button").click()
            expect(page.locator(".messages")).to_contain_text("セミナー")
            assert seen.goto(f"{site}/seminars/").status == status
            menu = seen.goto(f"{site}/").text()
            assert ("/seminars/" in menu) == (status == 200)
    finally:
        visitor.close()
