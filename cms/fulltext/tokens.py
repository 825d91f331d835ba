"""Cuts folded text into what the index stores: bigrams of Japanese, whole words of everything else.

Japanese has no spaces, so each pair of neighbouring characters is a token, and the last character of a run one of its
own: 会議室 gives 会議, 議室, 室. A word is then a phrase of tokens, and a single character is what a token begins with,
wherever in a word it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .folding import CJK

TOKEN_LENGTH_LIMIT = 64
"""Characters. Whatever is longer is no word; PostgreSQL refuses lexemes of 2 KB."""

_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<number>\d+)|(?P<word>[^\W\d_{CJK}]+)")


@dataclass(frozen=True)
class Run:
    """A stretch of characters of one sort, without anything between them."""

    text: str
    kind: str
    """`cjk`, `number` or `word`."""


def runs(folded: str) -> Iterator[Run]:
    """Yield the stretches of a folded text in order."""
    for match in _RUN.finditer(folded):
        yield Run(match.group(), str(match.lastgroup))


def tokens(folded: str) -> list[str]:
    """Return the tokens of a folded text in the order of their positions."""
    return [token for run in runs(folded) for token in run_tokens(run)]


def run_tokens(run: Run) -> list[str]:
    """Return the tokens of one stretch: as many as it has characters if Japanese, else one."""
    if run.kind == "cjk":
        return [run.text[at : at + 2] for at in range(len(run.text))]
    return [run.text[:TOKEN_LENGTH_LIMIT]]
