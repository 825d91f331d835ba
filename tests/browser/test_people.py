"""People come and go: from a file to an account, from one person to the next, and every April the roster."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cms.calendar import today
from tests.browser.conftest import Visit
from tests.browser.mailbox import code_in_mailbox, enter
from tests.demo_process import RunningDemo

PASSWORD = "correct horse 77 battery"
INVITATION = "アカウント"
FIRST, SECOND = "first@people.example.jp", "second@people.example.jp"


@pytest.fixture
def somebody(browser: Browser, demo_site: RunningDemo) -> Iterator[Callable[[], Page]]:
    """Open the site for one more person, with cookies of their own."""
    visits = []

    def arrive() -> Page:
        visits.append(Visit(browser, demo_site.url))
        visits[-1].allowed.add("422 (Unprocessable")  # a code that is no good any more
        return visits[-1].page()

    yield arrive
    for visit in visits:
        visit.context.close()
    assert [line for visit in visits for line in visit.wrong] == []


def members_without_people(site: RunningDemo, count: int) -> list[tuple[str, str, str, str]]:
    """Return code, name, telephone and address of members on whose seats nobody sits."""
    with sqlite3.connect(f"file:{site.data / 'kairan.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute(
            "SELECT code, name, telephone, email FROM accounts_organisation one WHERE code IS NOT NULL AND id IN "
            "(SELECT organisation_id FROM members_membership WHERE ends_on IS NULL) AND id NOT IN "
            "(SELECT organisation_id FROM accounts_affiliation) ORDER BY code DESC LIMIT ?",
            [count],
        ).fetchall()


def accept(page: Page, code: str, username: str) -> None:
    enter(page, code)
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/members/welcome/")


def try_to_log_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.form button[type=submit]").first.click()


def announce(page: Page, on: dt.date, last_name: str, email: str) -> None:
    page.goto("/members/organisation/")
    page.get_by_role("link", name="引継ぎを届け出る").first.click()
    page.locator("[name=on]").fill(on.isoformat())
    page.locator("[name=last_name]").fill(last_name)
    page.locator("[name=email]").fill(email)
    with page.expect_navigation():
        page.locator("main form button").click()


def test_person_comes_by_a_file_and_leaves_by_a_hand_over(
    page: Page, login, somebody: Callable[[], Page], demo_site: RunningDemo
) -> None:
    [(code, name, _telephone, _address)] = members_without_people(demo_site, 1)
    login(page, "editor")
    page.goto("/admin/members/import/")
    page.locator("[name=kind][value=people]").check()
    rows = f"団体コード,担当区分,姓,名,メールアドレス,開始日\r\n{code},正担当者,見本,先任,{FIRST},2026-04-01\r\n"
    page.locator("[name=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": rows.encode("cp932")}
    )
    page.locator("main form button").first.click()
    expect(page.locator("main table")).to_contain_text("見本 先任")
    page.locator("form:has([name=digest]) button").click()
    expect(page.locator("main")).to_contain_text("新規1")

    page.goto(f"/admin/members/people/?q={code}")
    expect(page.locator("main table")).to_contain_text("未案内")
    page.locator("[data-bulk-action-checkbox]").first.check()
    page.get_by_role("link", name="メールで案内").click()
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("案内を送ります")

    first = somebody()
    known = code_in_mailbox(demo_site, FIRST, INVITATION)
    accept(first, known, "mihon-sennin")
    first.goto("/members/")
    expect(first.locator("main")).to_contain_text(name)

    announce(first, today() + dt.timedelta(days=1), "見本後任", SECOND)
    expect(first.locator("main")).to_contain_text("見本後任")
    assert first.goto("/members/").status == 200  # until the day
    first.goto("/members/organisation/")
    first.get_by_role("link", name="引継ぎを取り消す").click()
    first.locator("main form button").click()

    announce(first, today(), "見本後任", SECOND)
    first.goto("/members/")
    assert "/accounts/login/" in first.url
    try_to_log_in(first, "mihon-sennin")
    expect(first.locator("main")).to_contain_text("担当期間が終了")

    second = somebody()
    accept(second, code_in_mailbox(demo_site, SECOND, INVITATION), "mihon-konin")
    assert second.goto("/members/").status == 200
    expect(second.locator("main")).to_contain_text(name)


def test_april_with_three_organisations_of_which_one_is_silent(
    page: Page, login, somebody: Callable[[], Page], demo_site: RunningDemo
) -> None:
    same, changed, silent = members_without_people(demo_site, 4)[1:]
    login(page, "editor")
    page.goto("/admin/members/roster/start/")
    page.locator("[name=title]").fill("見本年度担当者名簿の確認")
    page.locator("[name=deadline]").fill((today() + dt.timedelta(days=14)).isoformat())
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("見本年度担当者名簿の確認")

    asked = {}
    for organisation, answer, note in ((same, "unchanged", ""), (changed, "changed", "4月1日から見本花子")):
        _code, name, _telephone, address = organisation
        visitor = somebody()
        asked[name] = code_in_mailbox(demo_site, address, "名簿の確認")
        enter(visitor, asked[name])
        expect(visitor.locator("main")).to_contain_text(name)
        visitor.locator(f"[name=answer][value={answer}]").check()
        visitor.locator("[name=note]").fill(note)
        visitor.locator("[name=name]").fill("見本 回答")
        visitor.locator("main form button").click()
        expect(visitor.locator("main form")).to_have_count(0)
    first_code = code_in_mailbox(demo_site, silent[3], "名簿の確認")

    page.goto(f"/admin/members_roster_entries/?answer=none&q={silent[0]}")
    expect(page.locator("main table")).to_contain_text(silent[1])
    expect(page.locator("main table")).to_contain_text(silent[2])
    page.goto(f"/admin/members_roster_entries/?answer=none&q={same[0]}")
    expect(page.locator("main")).not_to_contain_text(same[2])

    page.goto("/admin/")
    page.get_by_role("link", name="名簿に反映していない変更").click()
    unentered = page.url
    theirs = page.locator("main table tr", has_text="4月1日から見本花子")
    expect(theirs).to_contain_text(changed[1])
    theirs.get_by_role("link", name="未反映").click()
    page.locator("main form button").first.click()
    page.goto(unentered)
    expect(page.locator("main table tr").nth(1)).to_be_visible()
    expect(theirs).to_have_count(0)

    page.goto("/admin/members_rosters/")
    page.get_by_role("link", name="督促").first.click()
    page.locator("main form button").first.click()
    visitor = somebody()
    enter(visitor, code_in_mailbox(demo_site, silent[3], "名簿の確認", besides=first_code))
    expect(visitor.locator("main")).to_contain_text(silent[1])
    enter(visitor, first_code)
    expect(visitor.locator("main")).to_contain_text("取り消されたか")
