"""An editor meets a part whose plugin is not there: it is shown as kept, and saving the page keeps it."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.demo_process import RunningDemo

STRANGE = {"type": "absent_poll", "value": {"choices": ["①", None]}, "id": "22222222-2222-4222-8222-222222222222"}


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


@pytest.fixture
def body(demo_site: RunningDemo) -> Iterator[StoredBody]:
    stored = StoredBody(demo_site)
    before = stored.published()
    stored.publish([STRANGE, *before])
    yield stored
    stored.publish(before)


def test_is_shown_kept_offered_to_nobody_and_survives(
    page: Page, login: Callable[[Page, str], None], body: StoredBody
) -> None:
    before = body.published()
    login(page, "admin")
    page.goto(f"/admin/pages/{body.page}/edit/")

    expect(page.locator("input[name=body-0-value]")).to_have_value("absent_poll")
    expect(page.locator("input[name=body-0-type]")).to_have_value("kept")
    page.locator("button.c-sf-add-button").first.click()
    menu = page.get_by_role("option")
    expect(menu.first).to_be_visible()
    assert "現在使えないプラグインの部品" not in menu.all_inner_texts()
    page.keyboard.press("Escape")
    page.locator("#id_summary").fill("概要を書き足した")
    page.get_by_role("button", name="下書きを保存").first.click()
    page.wait_for_load_state()

    expect(page.locator(".messages .success").first).to_be_visible()
    after = body.draft()
    assert after[0] == STRANGE
    assert [item["id"] for item in after] == [item["id"] for item in before]
