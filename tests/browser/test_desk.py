"""What the secretariat does in the admin, seen by visitors at once."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import press


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
    press(page, "[name=action-publish]")

    page.goto("/meetings/")
    expect(page.locator(".list__title").first).to_have_text("令和8年度第1回役員会")


def test_title_and_address_of_a_meeting_follow_its_number_until_a_person_changes_them(page: Page, login) -> None:
    login(page, "editor")
    parent = re.search(r"/admin/pages/(\d+)/edit/", page.goto("/meetings/").text())[1]
    page.goto(f"/admin/pages/add/pages/meetingpage/{parent}/")
    page.locator("[name=fiscal_year]").fill("2011")
    page.locator("[name=number]").fill("3")

    expect(page.locator("[name=title]")).to_have_value("平成23年度第3回役員会")
    expect(page.locator("[name=slug]")).to_have_value("fy2011-3")

    page.locator("[name=title]").fill("臨時の会")
    page.locator("[name=number]").fill("4")

    expect(page.locator("[name=slug]")).to_have_value("fy2011-4")
    expect(page.locator("[name=title]")).to_have_value("臨時の会")


def test_title_and_address_follow_on_after_the_number_was_refused(page: Page, visit, login) -> None:
    visit.allowed.add("status of 400")  # a form that is refused
    login(page, "editor")
    parent = re.search(r"/admin/pages/(\d+)/edit/", page.goto("/meetings/").text())[1]
    page.goto(f"/admin/pages/add/pages/meetingpage/{parent}/")
    page.locator("[name=fiscal_year]").fill("2009")
    page.locator("[name=number]").fill("3")
    expect(page.locator("[name=slug]")).to_have_value("fy2009-3")
    page.locator("footer .w-dropdown__toggle").last.click()
    page.locator("button[name=action-publish]").click()
    expect(page.locator("main")).to_contain_text("既にこの回を使っています")

    page.locator("[name=number]").fill("4")

    expect(page.locator("[name=title]")).to_have_value("平成21年度第4回役員会")
    expect(page.locator("[name=slug]")).to_have_value("fy2009-4")


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
