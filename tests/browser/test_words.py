"""What scripts say in the editor of a page is Japanese too: menus, tips, panels, choosers, what they say of errors."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AUTOSAVE, Visit, add_part, place_of
from tests.cms.dashboard.test_words import foreign

SAID = """() => {
  const said = [], silent = "script, style, template, noscript, code, svg, [lang]:not(html)";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest(silent)) continue;
    if (node !== element) said.push(node.data);
    else for (const name of ["alt", "aria-label", "aria-description", "placeholder", "title"])
      if (node.hasAttribute(name)) said.push(node.getAttribute(name));
  }
  return said;
}"""


class Words:
    """Collects what is said in English on one page as it changes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.foreign: dict[str, str] = {}
        self.heard: set[str] = set()

    def listen(self, step: str) -> None:
        """Read all that stands on the page, hidden or shown."""
        said = self.page.evaluate(SAID)
        self.heard.update(text.strip() for text in said)
        for text in foreign(said, "ja"):
            self.foreign.setdefault(text, step)


@pytest.fixture
def words(page: Page, visit: Visit, login) -> Words:
    """The form of a new page below the news, which is never kept."""
    visit.allowed.add(AUTOSAVE)
    login(page, "editor")
    page.goto(f"/admin/pages/add/pages/newspage/{place_of(page, '/news/')}/")
    return Words(page)


def test_editor_of_a_page_says_nothing_in_english(words: Words) -> None:
    page = words.page
    parts(words)
    rich_text(words)
    panels(words)
    page.locator("#id_date").click()
    expect(page.locator(".xdsoft_datetimepicker:visible").first).to_contain_text("月")
    words.listen("calendar")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="画像を選択").first.click()
    expect(page.get_by_role("dialog").filter(has_text="最近の画像")).to_be_visible()
    words.listen("chooser")

    assert words.foreign == {}
    assert {"検索…", "リンク", "保存しています…", "全て折りたたむ", "日", "土"} <= words.heard


def parts(words: Words) -> None:
    """Open the menu of parts, and add one of each."""
    page = words.page
    page.locator("button.c-sf-add-button").first.click()
    names = [name.strip() for name in page.get_by_role("option").all_inner_texts()]
    words.listen("menu of parts")
    page.keyboard.press("Escape")
    add_part(page, names[0])
    for name in names[1:]:
        page.locator("button.c-sf-add-button").last.click()
        page.get_by_role("option", name=name, exact=True).click()
        words.listen(f"part {name}")
    assert len(names) > 8


def rich_text(words: Words) -> None:
    """Write, open the menu of commands, choose text, and rest on each button that comes."""
    page = words.page
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("/")
    expect(page.get_by_role("option", name="番号付きの箇条書き")).to_be_visible()
    words.listen("commands")
    page.keyboard.press("Backspace")
    page.keyboard.type("会議")
    page.keyboard.press("Shift+Home")
    expect(page.locator(".Draftail-ToolbarButton:visible").first).to_be_visible()
    for button in page.locator(".Draftail-ToolbarButton:visible").all():
        button.hover()
        words.listen("tip of a button")


def panels(words: Words) -> None:
    """Open what stands beside the form: state, preview, checks, comments."""
    page = words.page
    names = [one.get_attribute("data-side-panel-toggle") for one in page.locator("[data-side-panel-toggle]").all()]
    assert {"status", "checks", "comments"} <= set(names)
    for name in names:
        page.locator(f"[data-side-panel-toggle={name}]").click()
        expect(page.locator(f"[data-side-panel={name}]")).to_be_visible()
        words.listen(f"panel {name}")
    page.locator(f"[data-side-panel-toggle={names[-1]}]").click()
