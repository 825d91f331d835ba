"""Walks the URLconf, so that a test can ask for every address that there is."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ARGUMENT = re.compile(r"<(?:\w+:)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")


def routes() -> Iterator[tuple[str, str]]:
    """Yield the name and the whole pattern of each route but the page tree's; without a name, the pattern twice."""
    for name, pattern, _entry in entries():
        yield name or pattern, pattern


def entries(
    resolver: URLResolver | None = None, prefix: str = "/", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Yield name (empty without one), whole pattern and entry of each route but the page tree's."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from entries(entry, pattern, space + (f"{entry.namespace}:" if entry.namespace else ""))
        elif entry.name != "wagtail_serve":
            yield (f"{space}{entry.name}" if entry.name else ""), pattern, entry


def view_of(entry: URLPattern) -> Any:
    """Return the class of a route's view, or its function, out of what is wrapped around it."""
    function: Any = entry.callback
    while not hasattr(function, "view_class") and hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return getattr(function, "view_class", function)


def arguments(pattern: str) -> set[str]:
    """Return the names of a pattern's arguments."""
    return {found["name"] or found["group"] for found in ARGUMENT.finditer(pattern)}


def address(pattern: str, values: dict[str, str]) -> str:
    """Return the address that a pattern has for these arguments."""
    return re.sub(r"[\^$\\]|\.\*", "", ARGUMENT.sub(lambda found: values[found["name"] or found["group"]], pattern))
