from playwright.sync_api import Page, expect


def test_site_is_japanese_until_a_visitor_chooses_english_and_then_remembers(page: Page) -> None:
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")

    page.locator(".language-switch button[value=en]:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/accounts/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")

    page.locator(".language-switch button[value=ja]:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_role("heading", level=1)).to_have_text("ログイン")
