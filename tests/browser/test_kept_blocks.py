"""An editor meets a part whose plugin is not there: it is shown as kept, and saving the page keeps it."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.demo_process import RunningDemo

STRANGE = {"type": "absent_poll", "value": {"choices": ["①", None]}, "id": "22222222-2222-4222-8222-222222222222"}
SEMINARS = {
    "type": "seminars_list",
    "value": {"which": "latest", "number": 3},
    "id": "33333333-3333-4333-8333-333333333333",
}
OFFERED = "セミナーの一覧"


class StoredBody:
    """The body of the page about the association, in the demo's database, past every class of ours."""

    def __init__(self, site: RunningDemo) -> None:
        self.path = site.data / "kairan.sqlite3"
        (self.page,) = self._ask("SELECT id FROM wagtailcore_page WHERE slug = 'about'")

    def _ask(self, query: str, *values: object) -> tuple:
        with closing(sqlite3.connect(self.path, timeout=20)) as database:
            found = database.execute(query, values).fetchone()
            database.commit()
        return found

    def published(self) -> list[dict]:
        return json.loads(self._ask("SELECT body FROM pages_sectionpage WHERE page_ptr_id = ?", self.page)[0])

    def draft(self) -> list[dict]:
        query = """SELECT content FROM wagtailcore_revision
                   WHERE id = (SELECT latest_revision_id FROM wagtailcore_page WHERE id = ?)"""
        content = self._ask(query, self.page)[0]
        return json.loads(json.loads(content)["body"])

    def publish(self, body: list[dict]) -> None:
        """Store what is published, and have no draft."""
        self._ask("UPDATE pages_sectionpage SET body = ? WHERE page_ptr_id = ?", json.dumps(body), self.page)
        self._ask("UPDATE wagtailcore_page SET has_unpublished_changes = 0 WHERE id = ?", self.page)


@contextmanager
def beginning_with(block: dict, site: RunningDemo) -> Iterator[StoredBody]:
    """Let the page begin with the block."""
    stored = StoredBody(site)
    before = stored.published()
    stored.publish([block, *before])
    yield stored
    stored.publish(before)


@pytest.fixture
def body(demo_site: RunningDemo) -> Iterator[StoredBody]:
    with beginning_with(STRANGE, demo_site) as stored:
        yield stored


@pytest.fixture
def body_with_seminars(demo_site: RunningDemo) -> Iterator[StoredBody]:
    with beginning_with(SEMINARS, demo_site) as stored:
        yield stored


@pytest.fixture
def switch(page: Page, login: Callable[[Page, str], None]) -> Iterator[Callable[[str], None]]:
    """Log in as administrator and switch the seminars; they are on again afterwards."""
    login(page, "admin")
    state = page.locator("tr", has=page.locator("a[href*='/seminars/']")).locator(".switchboard__state")

    def act(action: str) -> None:
        page.goto(f"/admin/plugins/seminars/{action}/")
        page.locator(".switchboard__form button").click()
        expect(state).to_have_text({"enable": "有効", "disable": "無効"}[action])

    yield act
    page.goto("/admin/plugins/")
    if state.inner_text() != "有効":
        act("enable")


def offered(page: Page) -> list[str]:
    """Return what the block menu offers."""
    page.locator("button.c-sf-add-button").first.click()
    menu = page.get_by_role("option")
    expect(menu.first).to_be_visible()
    names = menu.all_inner_texts()
    page.keyboard.press("Escape")
    return names


@pytest.fixture
def save_draft(page: Page, visit: Visit) -> Callable[[str], None]:
    """Write a summary and save."""
    # The editor saves by itself too; what it sends while the button's answer is on its way is refused, rightly.
    visit.allowed.add("status of 400")

    def save(summary: str) -> None:
        page.locator("#id_summary").fill(summary)
        page.get_by_role("button", name="下書きを保存").first.click()
        expect(page.locator(".messages .success").first).to_be_visible()

    return save


def test_part_of_a_plugin_that_is_off_is_kept_and_comes_back(
    page: Page, switch: Callable[[str], None], save_draft: Callable[[str], None], body_with_seminars: StoredBody
) -> None:
    body = body_with_seminars
    seminar = page.locator("main .body .list__title")
    switch("disable")
    page.goto("/about/")
    expect(page.locator("h1")).to_be_visible()
    assert seminar.count() == 0

    page.goto(f"/admin/pages/{body.page}/edit/")
    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile("^seminars_list "))
    assert OFFERED not in offered(page)
    save_draft("無効の間に書き足した概要")
    assert body.draft()[0] == SEMINARS

    switch("enable")
    page.goto("/about/")
    assert seminar.count() > 0
    page.goto(f"/admin/pages/{body.page}/edit/")
    assert OFFERED in offered(page)


def test_is_shown_kept_offered_to_nobody_and_survives(
    page: Page, login: Callable[[Page, str], None], save_draft: Callable[[str], None], body: StoredBody
) -> None:
    before = body.published()
    login(page, "admin")
    page.goto(f"/admin/pages/{body.page}/edit/")

    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile("^absent_poll "))
    expect(page.locator("input[name=body-0-type]")).to_have_value("kept")
    assert "現在使えないプラグインの部品" not in offered(page)
    save_draft("部品がない間に書き足した概要")
    after = body.draft()
    assert after[0] == STRANGE
    assert [item["id"] for item in after] == [item["id"] for item in before]
