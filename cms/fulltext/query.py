"""Reads what a person typed into a search field. Every string is a query; at worst there is no word in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .folding import fold
from .tokens import run_tokens, runs

QUERY_LENGTH_LIMIT = 200
"""Characters; whatever follows is ignored."""
TERM_LIMIT = 8
"""Words that all have to be found; further ones are ignored."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_QUOTED = re.compile(r"[\"＂“”„«»]([^\"＂“”„«»]*)[\"＂“”„«»]|「([^」]*)」|『([^』]*)』")
_MARKS = re.compile(r"[\"＂“”„«»「」『』]")


@dataclass(frozen=True)
class Term:
    """One word or phrase: tokens that must follow one another."""

    typed: str
    folded: str
    tokens: tuple[str, ...]
    is_prefix: bool
    """The last token may go on: a single Japanese character, or the beginning of a Latin word."""


@dataclass(frozen=True)
class Query:
    """What has to be found: all of the terms, anywhere in one document."""

    typed: str
    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def folded(self) -> str:
        """The query in one form, for counting and comparing."""
        return " ".join(term.folded for term in self.terms)


def parse(typed: str) -> Query:
    """Return the terms of a query: words between spaces, and whatever stands between quotation marks as one phrase."""
    typed = " ".join(_CONTROL.sub(" ", typed[:QUERY_LENGTH_LIMIT]).split())
    found = [term for piece, is_quoted in _pieces(typed) if (term := _term(piece, is_quoted=is_quoted))]
    once = {(term.tokens, term.is_prefix): term for term in reversed(found)}
    return Query(typed, tuple(reversed(once.values()))[:TERM_LIMIT])


def _pieces(typed: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for match in _QUOTED.finditer(typed):
        yield from _words(typed[end : match.start()])
        yield next((group for group in match.groups() if group), ""), True
        end = match.end()
    yield from _words(typed[end:])


def _words(text: str) -> Iterator[tuple[str, bool]]:
    for word in _MARKS.sub(" ", text).split():
        yield word, False


def _term(piece: str, *, is_quoted: bool) -> Term | None:
    folded = fold(piece).strip()
    found = list(runs(folded))
    if not found:
        return None
    *before, last = found
    tokens = [token for run in before for token in run_tokens(run)]
    # A document's run may go on where the query ends, so its last character is no token of its own.
    tokens += run_tokens(last)[:-1] if last.kind == "cjk" and len(last.text) > 1 else run_tokens(last)
    tokens = tokens[:QUERY_LENGTH_LIMIT]  # one character may fold to many
    is_prefix = len(last.text) == 1 if last.kind == "cjk" else _may_go_on(last.text, last.kind, is_quoted=is_quoted)
    return Term(piece, folded, tuple(tokens), is_prefix)


def _may_go_on(text: str, kind: str, *, is_quoted: bool) -> bool:
    """Let "seminar" find "seminars"; a number, a single letter and what is quoted stand as they are."""
    return kind == "word" and len(text) > 1 and not is_quoted
