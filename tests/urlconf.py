"""Walks the URLconf, so that a test can ask for every address that there is."""

import re
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

ARGUMENT = re.compile(r"<(?:\w+:)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")


def routes(resolver: URLResolver | None = None, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the whole pattern of each route but the page tree's; without a name, the pattern twice."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern, space + (f"{entry.namespace}:" if entry.namespace else ""))
        elif entry.name != "wagtail_serve":
            yield (f"{space}{entry.name}" if entry.name else pattern), pattern


def arguments(pattern: str) -> set[str]:
    """Return the names of a pattern's arguments."""
    return {found["name"] or found["group"] for found in ARGUMENT.finditer(pattern)}


def address(pattern: str, values: dict[str, str]) -> str:
    """Return the address that a pattern has for these arguments."""
    return re.sub(r"[\^$\\]|\.\*", "", ARGUMENT.sub(lambda found: values[found["name"] or found["group"]], pattern))
