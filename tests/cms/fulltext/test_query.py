"""Reading what was typed, and finding any part of any text with it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cms.fulltext.folding import fold
from cms.fulltext.query import QUERY_LENGTH_LIMIT, TERM_LIMIT, parse
from cms.fulltext.tokens import tokens

JAPANESE = st.text(alphabet="会議室情報市役所庁のをはがあいうえおカキクケコ、。", min_size=1, max_size=40)


def is_found(typed: str, text: str) -> bool:
    """Look for the terms as an index does: each a run of tokens, the last one perhaps the beginning of one."""
    indexed = tokens(fold(text))
    return all(
        any(_matches(term.tokens, indexed[at:], is_prefix=term.is_prefix) for at in range(len(indexed)))
        for term in parse(typed).terms
    )


def _matches(wanted: tuple[str, ...], indexed: list[str], *, is_prefix: bool) -> bool:
    *before, last = wanted
    here = indexed[: len(wanted)]
    if len(here) < len(wanted) or here[:-1] != before:
        return False
    return here[-1].startswith(last) if is_prefix else here[-1] == last


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("会議 資料", ["会議", "資料"]),
        ("会議　資料", ["会議", "資料"]),
        ('"open data" BCP', ["open data", "bcp"]),
        ("「自治体 クラウド」", ["自治体くらうど"]),
        ('会議 "資料', ["会議", "資料"]),
        ("会議 会議 ｶｲｷﾞ かいぎ", ["会議", "かいぎ"]),
        ('" * % _ \x00 !', []),
        ("", []),
    ],
)
def test_words_and_phrases_become_terms(typed: str, terms: list[str]) -> None:
    assert [term.folded for term in parse(typed).terms] == terms


def test_too_much_is_ignored() -> None:
    assert len(parse(" ".join(f"語{number}" for number in range(50))).terms) == TERM_LIMIT
    assert len(parse("㍿" * 500).terms[0].tokens) <= QUERY_LENGTH_LIMIT
    assert len(parse("x" * 10_000).typed) == QUERY_LENGTH_LIMIT


@given(JAPANESE, st.data())
def test_every_part_of_a_japanese_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    # Between kanji ケ is read as が, by itself as け: 霞ケ関 is not found by its ケ alone.
    assume("ケ" not in (text[start], text[end - 1]))

    assert is_found(f"「{text[start:end]}」", text)


@given(JAPANESE, JAPANESE)
def test_what_is_not_in_a_text_is_not_found(part: str, text: str) -> None:
    joined = "".join(tokens(fold(text)))
    if not set(fold(part)) & set(joined) and tokens(fold(part)):
        assert not is_found(f"「{part}」", text)


@given(st.text())
def test_every_string_is_a_query(typed: str) -> None:
    query = parse(typed)

    assert all(term.tokens and all(term.tokens) for term in query.terms)
