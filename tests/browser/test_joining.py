"""A municipality applies, is accepted, and its people log in: with the codes that they find in their mailbox."""

from playwright.sync_api import Page, expect

from tests.browser.mailbox import code_in_mailbox, enter
from tests.demo_process import RunningDemo

ADDRESS = "joho@apply.example.jp"
APPLICATION = {
    "code": "382019",
    "name": "見本加入市",
    "section": "情報政策課",
    "postcode": "000-0000",
    "address": "見本1丁目1番地",
    "telephone": "00-0000-0000",
    "email": ADDRESS,
    "lead_name": "見本 花子",
}


def test_municipality_applies_is_accepted_and_logs_in(page: Page, visit, login, demo_site: RunningDemo) -> None:
    page.goto("/")
    page.locator("a[href='/members/apply/']:visible").first.click()
    for name, value in APPLICATION.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=kind][value=city]").check()
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("コードを送信しました")

    enter(page, code_in_mailbox(demo_site, ADDRESS, "加入申込みの確認"))
    expect(page.locator("main")).to_contain_text("見本加入市")
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("申込みを受け付けました")

    login(page, "editor")
    page.goto("/admin/members_applications/?state=open")
    page.get_by_role("link", name="見本加入市").click()
    page.get_by_role("link", name="承認する").click()
    page.locator("main form button").first.click()
    expect(page.locator("body")).to_contain_text("会員になりました")
    page.context.clear_cookies()

    enter(page, code_in_mailbox(demo_site, ADDRESS, "アカウント"))
    page.locator("[name=username]").fill("mihon-hanako")
    page.locator("[name=password]").fill("correct horse 77 battery")
    page.locator("[name=again]").fill("correct horse 77 battery")
    page.locator("main form button").click()
    page.wait_for_url("**/members/welcome/")
    page.context.clear_cookies()

    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("mihon-hanako")
    page.locator("input[name=password]").fill("correct horse 77 battery")
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("/members/")
    expect(page.locator("main")).to_contain_text("見本加入市")
