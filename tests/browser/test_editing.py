"""What a page's form does while it is written in: pasting, others who write in it, locks, checks, comparison."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import AUTOSAVE, TIMEOUT, Visit, add_part, place_of, press_save
from tests.cms.dashboard.test_words import foreign

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<style><!-- p.MsoNormal {font-family:"游明朝",serif;} --></style></head><body lang=JA><!--StartFragment-->
<h1 style='color:red'><span style='font-family:"ＭＳ 明朝"'>１　開催概要<o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:10.5pt'><span style='color:#C00000'>下記のとおり<b>役員
会</b>を<u>開催</u>し
ます。<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US
style='font-family:Wingdings;mso-list:Ignore'>l<span>&nbsp; </span></span><![endif]>日時　6月10日</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US
style='font-family:Wingdings;mso-list:Ignore'>l<span>&nbsp; </span></span><![endif]>場所　大阪</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span lang=EN-US
style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>議題一</p>
<p class=MsoNormal>&nbsp;<o:p></o:p></p>
<p class=MsoNormal><a href="https://www.example.jp/" style="color:blue">資料</a> on request</p>
<!--EndFragment--></body></html>"""
EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<style><!--.xl65 {color:red;}--></style></head><body><table border=0 width=216><!--StartFragment--><col width=72>
<tr height=25><td class=xl65 width=72>区分</td><td>団体数</td><td>備考</td><td>年度</td></tr>
<tr><td>市</td><td align=right class=xl65>691</td><td></td><td>H21</td></tr>
<tr><td>町</td><td>455</td><td></td><td>H21</td></tr><tr><td>村</td><td>92</td><td></td><td>H21</td></tr>
<!--EndFragment--></table></body></html>"""
WATCHED = 'addEventListener("w-unsaved:watch-edits", () => { document.documentElement.dataset.watched = "yes" })'
"""Tells when a form has read what it began with: what is typed before is no change to it."""
READ_ALOUD = """[...document.querySelectorAll("[aria-label], [placeholder], [title]")]
  .filter((one) => one.checkVisibility() && !one.closest("iframe, [lang]"))
  .flatMap((one) => [one.ariaLabel, one.placeholder, one.title].filter(Boolean))"""
CELLS = [
    ["区分", "団体数", "備考", "年度"],
    ["市", "691", "", "H21"],
    ["町", "455", "", "H21"],
    ["村", "92", "", "H21"],
]


def paste(into: Locator, html: str, text: str = "") -> None:
    """Paste what an office program puts on the clipboard."""
    into.evaluate(
        """(element, [html, text]) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          data.setData("text/plain", text);
          element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [html, text],
    )


@pytest.fixture
def new_page(page: Page, visit: Visit, login: Callable[[Page, str], None]) -> Page:
    """The form of a new page below the news, which stays without a title and so is never kept."""
    visit.allowed.add(AUTOSAVE)
    login(page, "editor")
    page.goto(f"/admin/pages/add/pages/newspage/{place_of(page, '/news/')}/")
    return page


def blocks(page: Page, last: str) -> list[tuple[str, str]]:
    """Return what the rich text holds, as its kind and its text, once what was pasted last has come."""
    field = page.locator("input[name=body-0-value]")
    expect(field).to_have_value(re.compile(last))
    raw = json.loads(field.input_value())
    return [(block["type"], block["text"]) for block in raw["blocks"]]


def test_text_of_word_keeps_lists_links_and_bold_and_no_looks(new_page: Page) -> None:
    add_part(new_page, "本文")
    editor = new_page.locator(".public-DraftEditor-content")
    editor.click()

    paste(editor, WORD, "x")

    assert blocks(new_page, "on request") == [
        ("unstyled", "１　開催概要"),
        ("unstyled", "下記のとおり役員会を開催します。"),
        ("unordered-list-item", "日時　6月10日"),
        ("unordered-list-item", "場所　大阪"),
        ("ordered-list-item", "議題一"),
        ("unstyled", "資料 on request"),
    ]
    stored = new_page.locator("input[name=body-0-value]").input_value()
    assert "https://www.example.jp/" in stored
    assert [style["style"] for block in json.loads(stored)["blocks"] for style in block["inlineStyleRanges"]] == [
        "BOLD"
    ]
    assert editor.locator("[style*=color], [style*=font-family]").count() == 0


def test_table_of_excel_becomes_lines_in_text_and_a_table_in_a_table(new_page: Page) -> None:
    add_part(new_page, "本文")
    editor = new_page.locator(".public-DraftEditor-content")
    editor.click()
    paste(editor, EXCEL, "\r\n".join("\t".join(row) for row in CELLS))
    expect(new_page.locator(".messages")).to_contain_text("部品「表」を追加")
    lines = ["区分　団体数　備考　年度", "市　691　H21", "町　455　H21", "村　92　H21"]
    assert [text for _kind, text in blocks(new_page, "92　H21")] == lines

    new_page.locator("button.c-sf-add-button").last.click()
    new_page.get_by_role("option", name="表", exact=True).click()
    new_page.locator(".ht_master td").first.click()
    paste(new_page.locator("textarea.handsontableInput"), EXCEL, "\r\n".join("\t".join(row) for row in CELLS))
    expect(new_page.locator(".ht_master td", has_text="H21")).to_have_count(3)
    stored = json.loads(new_page.locator("input[name=body-1-value]").input_value())
    assert [[cell or "" for cell in row] for row in stored["data"]] == CELLS


def test_second_of_two_who_save_is_warned_and_nothing_is_lost(draft: tuple[Page, str], somebody) -> None:
    first, address = draft
    second = somebody("admin", allowed=AUTOSAVE)
    second.add_init_script(WATCHED)
    second.goto(address)
    first.goto(address)
    first.locator(".w-editing-sessions__session").hover()
    expect(first.locator(".tippy-box").filter(has_text="見本 管理者")).to_be_visible(timeout=TIMEOUT)
    first.locator("#id_summary").fill("甲の概要")
    press_save(first)

    expect(second.locator("html[data-watched]")).to_have_count(1, timeout=TIMEOUT)
    second.locator("#id_summary").fill("乙の概要")
    expect(second.get_by_text("自動保存は停止しています").first).to_be_visible(timeout=TIMEOUT)
    second.get_by_role("button", name="下書きを保存").first.click()
    dialog = second.get_by_role("dialog").filter(has_text="見本 編集者さんが新しい版を保存しました")
    expect(dialog).to_be_visible(timeout=TIMEOUT)
    expect(second.locator("#id_summary")).to_have_value("乙の概要")
    with second.expect_navigation(wait_until="load"):
        dialog.get_by_role("button", name="下書きを保存").click()

    second.goto(address)
    expect(second.locator("#id_summary")).to_have_value("乙の概要")
    earlier = [second.goto(one) and second.locator("#id_summary").input_value() for one in revisions(second, address)]
    assert "甲の概要" in earlier


def revisions(page: Page, address: str) -> list[str]:
    """Return the addresses under which the history offers earlier versions."""
    text = page.goto(address.replace("/edit/", "/history/")).text()
    return sorted(set(re.findall(r"/admin/pages/\d+/revisions/\d+/revert/", text)))


def test_locked_page_is_for_who_locked_it(draft: tuple[Page, str], somebody) -> None:
    editor, address = draft
    editor.locator("[data-side-panel-toggle=status]").first.click()
    with editor.expect_navigation(wait_until="load"):
        editor.locator("[data-w-action-url-value$='/lock/']").first.evaluate("field => field.click()")

    other = somebody("admin")
    other.goto(address)
    expect(other.locator(".messages")).to_contain_text("見本 編集者")
    expect(other.locator(".messages")).to_contain_text("ロック")
    expect(other.get_by_role("button", name="下書きを保存")).to_have_count(0)

    editor.goto(address)
    editor.locator("[data-side-panel-toggle=status]").first.click()
    with editor.expect_navigation(wait_until="load"):
        editor.locator("[data-w-action-url-value$='/unlock/']").first.evaluate("field => field.click()")
    other.goto(address)
    expect(other.get_by_role("button", name="下書きを保存").first).to_be_visible()


def test_two_versions_are_compared_part_by_part(draft: tuple[Page, str]) -> None:
    editor, address = draft
    editor.goto(address)
    editor.locator("[name=body-0-value]").fill("会員数の状況")
    press_save(editor)

    editor.goto(address.replace("/edit/", "/history/"))
    editor.get_by_role("button", name="操作").first.click()
    editor.get_by_role("link", name="比較").first.click()

    expect(editor.get_by_role("heading", name="比較").first).to_be_visible()
    expect(editor.locator("main .addition, main ins").first).to_contain_text("数")


def test_checks_while_writing_are_for_japanese(draft: tuple[Page, str]) -> None:
    editor, address = draft
    editor.goto(address)
    editor.locator("#id_title").fill("会　議のお知らせ")
    press_save(editor)
    expect(editor.locator(".messages")).to_contain_text("「会　議」")

    editor.locator("[data-side-panel-toggle=checks]").first.click()
    expect(editor.get_by_role("heading", name="見つかった問題")).to_be_visible()
    for figure in ("word-count", "reading-time", "readability-score"):
        expect(editor.locator(f"[data-content-{figure}]")).to_be_hidden()


def test_spaced_word_is_found_as_it_is_typed(draft: tuple[Page, str]) -> None:
    editor, address = draft
    editor.add_init_script(WATCHED)
    editor.goto(address)
    editor.locator("[data-side-panel-toggle=checks]").first.click()
    # The form looks for changes once it has read what it began with, and for problems once the preview is there.
    expect(editor.locator("html[data-watched]")).to_have_count(1, timeout=TIMEOUT)
    expect(editor.locator("iframe[id][src*=in_preview_panel]")).to_have_count(1, timeout=TIMEOUT)
    found = editor.locator("[data-checks-panel]")
    expect(found).to_have_text("")

    editor.locator("#id_title").fill("会　議のお知らせ")

    expect(found).to_contain_text("語の中の空白", timeout=TIMEOUT)


def test_link_that_says_nothing_is_found_before_anything_is_saved(draft: tuple[Page, str]) -> None:
    editor, address = draft
    editor.goto(address)
    add_part(editor, "本文")
    paste(editor.locator(".public-DraftEditor-content"), '<p><a href="https://www.example.jp/">こちら</a></p>')
    expect(editor.locator("input[name=body-1-value]")).to_have_value(re.compile("こちら"), timeout=TIMEOUT)
    editor.locator("[data-side-panel-toggle=checks]").first.click()
    expect(editor.locator("[data-checks-panel]")).to_contain_text("リンク先の分からないリンクの文字", timeout=TIMEOUT)


def test_form_has_no_english_words_while_it_is_written_in(draft: tuple[Page, str]) -> None:
    editor, address = draft
    editor.goto(address)
    english: dict[str, str] = {}

    def look(where: str) -> None:
        texts = editor.locator("body").inner_text().splitlines() + editor.evaluate(READ_ALOUD)
        english.update({text: where for text in foreign(texts, "ja") if text not in english})

    look("as it opens")
    options = editor.locator("[role=option]")  # and not of a field that chooses
    editor.locator("button.c-sf-add-button").first.click()
    expect(options.first).to_be_visible()
    parts = options.all_inner_texts()
    for part in parts:
        look("the list of parts")
        options.get_by_text(part, exact=True).click()
        expect(options).to_have_count(0)
        look(part)
        editor.locator("button.c-sf-add-button").first.click()
    editor.keyboard.press("Escape")
    for tab in ("検索・公開設定", "内容"):
        editor.get_by_role("tab", name=tab).click()
        look(tab)
    for panel in ("status", "comments", "preview", "checks"):
        editor.locator(f"[data-side-panel-toggle={panel}]").first.click()
        expect(editor.locator(f"[data-side-panel={panel}]")).to_be_visible()
        look(panel)
    assert (english, len(parts) > 5) == ({}, True)
