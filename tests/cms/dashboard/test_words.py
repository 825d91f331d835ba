"""Every word that staff can reach in the admin is of their language, followed from link to link."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.test import Client

from tests.cms.dashboard.crawl import Answer, Crawl
from tests.cms.dashboard.everything import NAMES, everything
from tests.cms.dashboard.unlinked import sent_by_scripts, unlinked
from tests.urlconf import routes

pytestmark = pytest.mark.django_db

NO_WORDS = [
    r"https?://\S*|(tel|mailto):\S*|\S+@\S+|(?<![\w<])/[\w%./?=&-]+|localhost",  # addresses
    r"[\w*-]+\.(csv|docx?|html|ico|pdf|png|txt|xlsx|yaml)\b",  # files
    r"\bCtrl \+.*|\bEsc\b",  # keys
    r"\{\w+\}|%\(\w+\)s|__\w+__",  # places for values
    r"[a-z]+([_.-]+[a-z0-9]+)+|\bfy\d+(-\d+)?\b",  # names of classes and kinds, IDs, addresses of pages
    r"(Example: |例[:：]).*|such as 東京開催.*午前の部|\(同時開催\)",  # what a Japanese association would type
    r"「[a-z-]+」に番号",  # the address that is proposed for a page
    r"令和\d+年度第\d+回",  # the title that is proposed for a meeting
    r"Message-ID|Shift_JIS|Kairan|Wagtail|JavaScript",  # names
]
FOREIGN = {"ja": r"[A-Za-z]{2,}", "en": r"[\u3041-\u30ff\u3400-\u9fff々〆]+"}
ALLOWED = {
    "ja": {
        *("CSV", "Excel", "HTML", "TSV", "UTF", "XLSX", "xlsx"),  # kinds of files, which Japanese writes so too
        *("AVIF", "GIF", "JPEG", "JPG", "PNG", "WEBP"),
        *("FAX", "ID", "KB", "MB", "URL"),
    },
    "en": {
        "日本語",  # the other language, in the switch
        "氏",  # the honorific that programmes print, whoever types them
    },
}
OF_THE_TESTS = {"Dummy", "Dummy greeting", "Dummy page", "Text", "Things", "Uses every extension point."}
"""What the plugin of the tests says, in English only."""
SAID_TO_SCRIPTS = {"Must upload a file"}
"""What Wagtail answers only to a script that forgot something."""


def foreign(texts: Iterable[str], language: str) -> set[str]:
    """Return the texts that hold words of another language."""
    said = {" ".join(text.split()) for text in texts} - OF_THE_TESTS - SAID_TO_SCRIPTS
    return {text for text in said if set(re.findall(FOREIGN[language], _words(text))) - ALLOWED[language]}


def _words(text: str) -> str:
    for pattern in NO_WORDS:
        text = re.sub(pattern, " ", text)
    return text


@pytest.fixture
def crawl(client: Client, request: pytest.FixtureRequest) -> Crawl:
    """Somebody in a site that has one of everything: `(who, language)`."""
    who, language = request.param
    client.force_login(everything(language)[who])
    client.cookies["kairan_language"] = language
    return Crawl(client)


NOT_CRAWLED = {
    r".*(preview|_html|view_draft|revisions_view|sprite|drafts_sheet)": "shown elsewhere",
    r".*_results$": "a list once more, without its frame",
    r".*(login|logout|password_reset)|/admin/logout/": "no words of the admin",
    r"wagtailadmin_(javascript_catalog|error_test|dismissibles)|/admin/(test404/|\^)|.*revisions_index": "no words",
    r"wagtailadmin_api:.*|wagtailadmin_(editing_sessions|tag_).*|.*:release$|theming_preview": "answers a script",
    r"wagtailembeds:.*|wagtailsnippets:index|.*url_generator.*|wagtail(docs|images):add$": "nothing leads there",
    r"wagtailsnippetchoosers_.*|wagtailsnippets_contact_enquiry:add": "nothing leads there",
    r".*chooser:(create|chosen_multiple)": "forms and answers of a chooser that chooses one and makes none",
    r"wagtailredirects:(start|process)_import|/admin/redirects/.*": "another stands in their place",
    r"wagtailadmin_choose_page.*|wagtailadmin_pages:move_confirm": "another, which has no name, stands in their place",
    r"wagtailadmin_workflows:(enable|enable_task|remove)|mail_admin:(audiences|notice_unschedule)": "asks for a state",
    r"media_version_withhold|members_admin:(application_letter|cancel_handover|hand_over)": "asks for a state",
    r"members_admin:(import_absent|roster_entered|withdraw)": "asks for a state that nothing has when the crawl ends",
    r"(wagtaildocs|wagtailimages):(create|delete|edit)_.*": "asked by a script after an upload",
    r"wagtailadmin_pages:(lock|unlock|set_page_position|set_privacy)|wagtailadmin_collections:set_privacy": "see below",
    r"dummy.*|thing.*|dashboard:plugin_enable": "the plugin of the tests",
}
"""Views of the admin that the crawl does not read, and why."""


def said_in_another(pages: Iterable[tuple[str, Answer]], language: str) -> dict[str, str]:
    """Return the texts in another language, each with where it stands first."""
    found: dict[str, str] = {}
    for url, answer in pages:
        for text in foreign(answer.texts, language):
            found.setdefault(text, url)
    return found


@pytest.mark.parametrize(
    ("crawl", "language", "at_least"),
    [(("administrator", "en"), "en", 220), (("editor", "ja"), "ja", 40)],
    indirect=["crawl"],
    ids=["administrator-en", "editor-ja"],
)
def test_no_page_says_anything_in_another_language(crawl: Crawl, language: str, at_least: int) -> None:
    assert said_in_another(crawl.pages("/admin/"), language) == {}
    assert len(crawl.views) >= at_least


@pytest.mark.parametrize("crawl", [("administrator", "ja")], indirect=True, ids=["administrator-ja"])
def test_no_view_of_the_admin_says_anything_in_english_whatever_is_sent_to_it(crawl: Crawl) -> None:
    def pages_and_answers() -> Iterator[tuple[str, Answer]]:
        for url, answer in crawl.pages("/admin/", *unlinked()):
            yield url, answer
            yield from crawl.answers(url, answer, NAMES["ja"])
        for url, data in sent_by_scripts():
            yield f"POST {url}", crawl.post(url, data)

    found = said_in_another(pages_and_answers(), "ja")
    views = {name for name, pattern in routes() if pattern.startswith("/admin/") and not name.startswith("/")}
    left = {name for name in views - crawl.views if not any(re.match(one, name) for one in NOT_CRAWLED)}

    assert found == {}
    assert left == set()


@pytest.mark.parametrize(
    ("html", "language", "found"),
    [
        ("<p>団体 <b>Organisation</b></p>", "ja", {"Organisation"}),
        ('<button aria-label="Delete">削除</button>', "ja", {"Delete"}),
        ('<input type="submit" value="Save">', "ja", {"Save"}),
        ("""<div data-x='{"label": "Move up", "type": "wagtail.blocks.CharBlock"}'></div>""", "ja", {"Move up"}),
        ('<script type="application/json">{"html": "<p>Choose</p>"}</script>', "ja", {"Choose"}),
        ('<script>var word = "Word";</script><style>p { color: red }</style>', "ja", set()),
        ('<span lang="en">English</span><p>CSV形式で保存</p>', "ja", set()),
        ("<label>検索 Search</label>", "en", {"検索 Search"}),
        ('<p title="氏名">Example: 山田</p><a>日本語</a>', "en", {"氏名"}),
    ],
)
def test_word_of_another_language_is_noticed(html: str, language: str, found: set[str]) -> None:
    assert foreign(Answer(html).texts, language) == found
