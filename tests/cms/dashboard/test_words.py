"""Every word that staff can reach in the admin is of their language, followed from link to link."""

import re
from collections.abc import Iterable

import pytest
from django.test import Client

from tests.cms.dashboard.crawl import Answer, Crawl
from tests.cms.dashboard.everything import everything

pytestmark = pytest.mark.django_db

NO_WORDS = [
    r"https?://\S+|\S+@\S+|(?<![\w<])/[\w%./?=&-]+|localhost",  # addresses
    r"[\w*-]+\.(csv|docx?|html|ico|pdf|png|txt|xlsx|yaml)\b",  # files
    r"\bCtrl \+.*|\bEsc\b",  # keys
    r"\{\w+\}|%\(\w+\)s|__\w+__",  # places for values
    r"[a-z]+([_.-]+[a-z0-9]+)+|\bfy\d+(-\d+)?\b",  # names of classes and kinds, IDs, addresses of pages
    r"(Example: |例[:：]).*|such as 東京開催.*午前の部|\(同時開催\)",  # what a Japanese association would type
    r"令和\d+年度第\d+回",  # the title that is proposed for a meeting
    r"Message-ID|Shift_JIS|Kairan|Wagtail|JavaScript",  # names
]
FOREIGN = {"ja": r"[A-Za-z]{2,}", "en": r"[\u3041-\u30ff\u3400-\u9fff々〆]+"}
ALLOWED = {
    "ja": {
        *("CSV", "Excel", "HTML", "TSV", "UTF", "XLSX", "xlsx"),  # kinds of files, which Japanese writes so too
        *("AVIF", "GIF", "JPEG", "JPG", "PNG", "WEBP"),
        *("FAX", "ID", "KB", "MB"),
    },
    "en": {
        "日本語",  # the other language, in the switch
        "氏",  # the honorific that programmes print, whoever types them
    },
}
OF_THE_TESTS = {"Dummy", "Dummy greeting", "Dummy page", "Text", "Things", "Uses every extension point."}
"""What the plugin of the tests says, in English only."""
LANGUAGES = ["ja", "en"]


def foreign(texts: Iterable[str], language: str) -> set[str]:
    """Return the texts that hold words of another language."""
    said = {" ".join(text.split()) for text in texts} - OF_THE_TESTS
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


@pytest.mark.parametrize(
    ("crawl", "language", "at_least"),
    [
        (("administrator", "ja"), "ja", 270),
        (("administrator", "en"), "en", 270),
        (("editor", "ja"), "ja", 40),
    ],
    indirect=["crawl"],
    ids=["administrator-ja", "administrator-en", "editor-ja"],
)
def test_nothing_is_said_in_another_language(crawl: Crawl, language: str, at_least: int) -> None:
    found: dict[str, str] = {}
    for url, answer in crawl.pages("/admin/"):
        for text in foreign(answer.texts, language):
            found.setdefault(text, url)

    assert found == {}
    assert len(crawl.views) >= at_least


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
