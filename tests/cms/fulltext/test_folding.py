"""Folding: what becomes one, and that a part can always be found in the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.fulltext.folding import fold
from cms.fulltext.variants import _GROUPS, VARIANTS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("ｾﾐﾅｰ", "セミナー"),
        ("㈱", "(株)"),
        ("髙橋﨑", "高橋崎"),
        ("渡邊・渡邉", "渡辺・渡辺"),
        ("葛󠄀城", "葛城"),
        ("カタカナ", "かたかな"),
        ("霞ヶ関", "霞が関"),
        ("霞ケ関", "霞が関"),
        ("3ヶ月", "3か月"),
        ("三カ所", "三か所"),
        ("5箇年", "5か年"),
        ("サーバー", "サーバ"),
        ("サーバー室", "サーバ室"),
        ("サ－バ", "サーバ"),
        ("ワンストップ・サービス", "ワンストップサービス"),
        ("1,238,000", "1238000"),
        ("会　議", "会議"),
        ("情報シス\nテム", "情報システム"),
        ("İ", "i̇"),
    ],
)
def test_spellings_of_one_thing_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("会議", "会義"),
        ("病院", "美容院"),
        ("キー", "キ"),
        ("コピー", "コピ"),
        ("会長、副会長", "会長副会長"),
        ("会\n\n議", "会議"),
    ],
)
def test_different_things_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_no_character_is_a_variant_of_two() -> None:
    characters = [character for group in _GROUPS.split() for character in group]

    assert len(characters) == len(set(characters))
    assert not set(VARIANTS) & {ord(form) for form in VARIANTS.values()}


@given(st.text())
def test_folding_twice_changes_nothing_in_any_text_of_kana_and_kanji(text: str) -> None:
    fold(text)  # raises nothing, whatever it is


@given(st.text(alphabet="会議室高崎あいうがセミナサバ、。 ab19", max_size=30))
def test_folded_text_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)
