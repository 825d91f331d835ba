"""Text with personal parts: a closed list of placeholders; everything else stays as it was written."""

import re
from collections.abc import Callable, Collection, Mapping

PLACEHOLDER = re.compile(r"\{\{ ?([a-z][a-z0-9_]*) ?\}\}")
"""`{{name}}`, with or without one space inside."""


class Template:
    """A text cut once at its placeholders, filled in many times. A value is never searched for placeholders again."""

    def __init__(self, source: str, names: Collection[str]) -> None:
        self._parts = [source]
        self._names: list[str] = []
        parts = PLACEHOLDER.split(source)
        self._cut(parts, frozenset(names))

    def _cut(self, parts: list[str], names: frozenset[str]) -> None:
        self._parts = [parts[0]]
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            if name in names:
                self._names.append(name)
                self._parts.append(text)
            else:
                self._parts[-1] += f"{{{{{name}}}}}{text}"

    @property
    def is_personal(self) -> bool:
        """Whether it differs between recipients."""
        return bool(self._names)

    def fill(self, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """Return the text with each value in its place; a value that is missing leaves nothing."""
        if not self._names:
            return self._parts[0]
        pieces = [self._parts[0]]
        for name, text in zip(self._names, self._parts[1:], strict=True):
            pieces.append(escape(str(values.get(name, ""))))
            pieces.append(text)
        return "".join(pieces)
