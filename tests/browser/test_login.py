from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("username", ["admin", "editor"])
def test_staff_reach_the_admin_in_japanese(page: Page, login: Callable[[Page, str], None], username: str) -> None:
    login(page, username)

    page.goto("/admin/")

    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("#queue-health-content")).to_contain_text("ワーカーは動いています")


def test_member_is_refused_by_the_admin(page: Page, visit, login: Callable[[Page, str], None]) -> None:
    visit.allowed.add("403")
    login(page, "member-a")

    answer = page.goto("/admin/")

    assert answer.status == 403


def test_wrong_password_is_answered_and_what_was_typed_is_kept(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("editor")
    page.locator("input[name=password]").fill("not the password")
    page.locator("form.form button[type=submit]").first.click()

    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("input[name=login]")).to_have_value("editor")
