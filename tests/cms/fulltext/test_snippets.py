"""Snippets: the text as it was written, the right passage, the right marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.fulltext.query import parse
from cms.fulltext.snippets import Segment, mark, snippet


def shown(segments: list[Segment]) -> str:
    return "".join(f"[{segment.text}]" if segment.is_hit else segment.text for segment in segments)


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("第1回会議の会議室", "会議", "第1回[会議]の[会議]室"),
        ("ｾﾐﾅｰとセミナー", "せみなー", "[ｾﾐﾅｰ]と[セミナー]"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パスワード", "[ﾊﾟｽﾜｰﾄﾞ]"),
        ("髙橋、高橋、髙　橋", "高橋", "[髙橋]、[高橋]、[髙　橋]"),
        ("霞ヶ関と霞が関と霞ケ関", "霞が関", "[霞ヶ関]と[霞が関]と[霞ケ関]"),
        ("3ヶ月、3か月", "3か月", "[3ヶ月]、[3か月]"),
        ("サーバー室のサーバ", "サーバ", "[サーバー]室の[サーバ]"),
        ("ＢＣＰとBcp", "bcp", "[ＢＣＰ]と[Bcp]"),
        ("1,238円と21238円", "1238", "[1,238]円と21238円"),
        ("clouds and aloud", "loud", "clouds and aloud"),
        ("会長・副会長", "「会長・副会長」", "[会長・副会長]"),
        ("会長副会長", "副会長 会長", "[会長][副会長]"),
        ("何もない", "会議", "何もない"),
    ],
)
def test_hits_are_marked_as_they_were_written(text: str, typed: str, marked: str) -> None:
    assert shown(mark(text, parse(typed))) == marked


def test_passage_holds_most_of_the_words() -> None:
    text = "会議。" + "無関係な文。" * 50 + "会議の資料と予算。" + "無関係な文。" * 50

    passage = shown(snippet(text, parse("会議 資料 予算"), length=60))

    assert "[会議]の[資料]と[予算]。" in passage
    assert passage.startswith("…")
    assert passage.endswith("…")


def test_text_without_a_hit_is_shown_from_its_beginning() -> None:
    assert shown(snippet("初めに。" + "文。" * 100, parse("会議"), length=10)) == "初めに。文。文。文。…"


def test_hit_at_the_end_of_the_passage_is_shown_whole() -> None:
    assert shown(snippet("議題と自治体クラウド基盤", parse("クラウド"), length=8)) == "議題と自治体[クラウド]…"


@given(st.text(max_size=300), st.text(max_size=30))
def test_marking_changes_no_text(text: str, typed: str) -> None:
    assert "".join(segment.text for segment in mark(text, parse(typed))) == text
