"""Brings the many ways of writing one thing in Japanese to a single form. For keys and searches, never for display.

Folded alike: full and half width (ＡＢＣ ｾﾐﾅｰ ㈱), upper and lower case, katakana and hiragana, old and variant
characters (髙 﨑), 霞ヶ関 and 霞が関, 3ヶ月 and 3か月, サーバー and サーバ, ワンストップ・サービス written together,
1,238 and 1238. What folding a part gives is part of what folding the whole gives, or a part could not be found; ケ,
read as が between kanji, is the one exception.
"""

import re
import unicodedata

from .variants import VARIANTS

_KATAKANA_TO_HIRAGANA = {code: chr(code - 0x60) for code in range(ord("ァ"), ord("ヶ") + 1)}
_TABLE: dict[int, str] = _KATAKANA_TO_HIRAGANA | VARIANTS | {ord("ヵ"): "か"}
_INVISIBLE = dict.fromkeys(
    [
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        0x2060,
        *range(0xFE00, 0xFE10),
        0xFEFF,
        *range(0xE0100, 0xE01F0),
    ]
)
"""Soft hyphens, zero-width characters, directions and variation selectors: removed."""

_KANJI = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CJK = rf"{_KANJI}\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
"""For a character class: what Japanese writes without spaces."""

_RULES = (
    # A dash typed for the long-vowel mark: サ－バ.
    (re.compile(r"(?<=[ァ-ヺ])[-‐‑–—―−](?=[ァ-ヺ])"), "ー"),
    # A middle dot inside a foreign name.
    (re.compile(r"(?<=[ァ-ヺー])・(?=[ァ-ヺ])"), ""),
    # The last long-vowel mark of a word of four or more signs, as JIS Z 8301 used to drop it.
    (re.compile(r"(?<=[ぁ-ゖァ-ヺー]{3})ー(?![ぁ-ゖァ-ヺー])"), ""),
    # Counters: 3ヶ月, 3ケ月, 5箇年, 箇所. カ is か by itself.
    (re.compile(rf"[ヶヵ箇](?=[月所国年条村])|(?<=[0-9{_KANJI}])ケ(?=[月所国年条村])"), "か"),
    # Place names: 霞ヶ関, 霞ケ関.
    (re.compile(rf"ヶ|(?<=[{_KANJI}])ケ(?=[{_KANJI}]|$)"), "が"),
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    # A line that was broken, or a word that was spaced out; an empty line still separates.
    (re.compile(rf"(?<=[{CJK}])(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*)(?=[{CJK}])"), ""),
)


def fold(text: str) -> str:
    """Return the form under which `text` is indexed and searched."""
    text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
    text = unicodedata.normalize("NFKC", text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text.translate(_TABLE)


def fold_character(character: str) -> str:
    """Return what one character becomes, whatever stands around it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold()).translate(_TABLE)
