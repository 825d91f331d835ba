"""Cuts the passage around the hits out of a text as it was written, and says which parts of it are hits."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from .folding import CJK, fold, fold_character
from .query import Query, Term

SNIPPET_LENGTH = 120
"""Characters: about three lines on a phone."""
_LEAD = 30
"""Characters shown before the first hit."""
_HITS_CONSIDERED = 200
_HALF_WIDTH_KANA = range(0xFF66, 0xFF9E)
_CONTEXTUAL = {"が": "ヶケ", "か": "ヶケヵ箇"}
"""What folding changes only between certain neighbours."""


@dataclass(frozen=True)
class Segment:
    """A piece of a snippet. `is_hit` is what a page prints inside `<mark>`."""

    text: str
    is_hit: bool = False


def mark(text: str, query: Query) -> list[Segment]:
    """Return the whole text in pieces, the hits set apart."""
    return _segments(text, _hits(text, query))


def snippet(text: str, query: Query, *, length: int = SNIPPET_LENGTH) -> list[Segment]:
    """Return the passage that holds most of the terms, or the beginning of the text if the hits are elsewhere."""
    text = " ".join(text.split())
    hits = _hits(text, query)
    start = _best_start(hits, length)
    end = min(len(text), start + length)
    # The last hit is shown whole.
    end = max([end, *(right for left, right, _ in hits if start <= left < end)])
    inside = [(left - start, right - start) for left, right, _ in hits if start <= left < end]
    segments = _segments(text[start:end], [(left, right, 0) for left, right in inside])
    return [*([Segment("…")] if start else []), *segments, *([Segment("…")] if end < len(text) else [])]


def _best_start(hits: list[tuple[int, int, int]], length: int) -> int:
    def distinct(at: int) -> int:
        return len({term for left, _, term in hits if at <= left < at + length - _LEAD})

    best = max((left for left, _, _ in hits), key=lambda at: (distinct(at), -at), default=0)
    return max(0, best - _LEAD)


def _hits(text: str, query: Query) -> list[tuple[int, int, int]]:
    """Return (start, end, number of the term) of the hits, in order."""
    pattern = _pattern(query.terms)
    if pattern is None:
        return []
    found = []
    for match in pattern.finditer(text):
        found.append((match.start(), match.end(), int(str(match.lastgroup)[1:])))
        if len(found) == _HITS_CONSIDERED:
            break
    return found


def _segments(text: str, hits: Iterable[tuple[int, int, int]]) -> list[Segment]:
    segments, at = [], 0
    for left, right, _ in hits:
        segments += [Segment(text[at:left]), Segment(text[left:right], is_hit=True)]
        at = right
    return [segment for segment in [*segments, Segment(text[at:])] if segment.text]


def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(enumerate(terms), key=lambda pair: -len(pair[1].folded))
    alternatives = [f"(?P<t{number}>{_term_pattern(term)})" for number, term in longest_first]
    return re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None


def _term_pattern(term: Term) -> str:
    """Write a pattern for every way in which the term may stand in a text."""
    pieces: list[str] = []
    for character in term.folded:
        if not (character.isalnum() or re.match(f"[{CJK}]", character)):
            pieces.append(r"[\W_]*")
        else:
            pieces.append(_spellings_pattern(character))
    pattern = r"\s?".join(pieces) if re.search(f"[{CJK}]", term.folded) else r",?".join(pieces)
    starts_word = term.folded[:1].isascii() and term.folded[:1].isalnum()
    kind = r"\d" if term.folded[:1].isdigit() else rf"[^\W\d_{CJK}]"
    guard = rf"(?<!{kind})" if starts_word else ""
    return f"{guard}{pattern}" + ("[ーｰ]?" if re.match("[ぁ-ゖ]", term.folded[-1:]) else "")


def _spellings_pattern(character: str) -> str:
    spellings = _spellings().get(character, set()) | {character, *_CONTEXTUAL.get(character, "")}
    singles = "".join(re.escape(one) for one in sorted(spellings) if len(one) == 1)
    pairs = [re.escape(pair) for pair in sorted(spellings) if len(pair) > 1]
    return f"(?:{'|'.join([*pairs, f'[{singles}]'])})"


@cache
def _spellings() -> dict[str, set[str]]:
    """Return every way to write a folded character with one character, or with half-width kana and its mark."""
    spellings: dict[str, set[str]] = defaultdict(set)
    for code in (*range(0x20, 0xD800), *range(0xF900, 0x10000), 0x20BB7, 0x20B9F):
        spellings[fold_character(chr(code))].add(chr(code))
    for kana in map(chr, _HALF_WIDTH_KANA):
        for voiced in (f"{kana}ﾞ", f"{kana}ﾟ"):
            if len(fold(voiced)) == 1:
                spellings[fold(voiced)].add(voiced)
    return dict(spellings)
