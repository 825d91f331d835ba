"""Finds every address that belongs to a plugin by walking the resolver. Nothing is listed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from uuid import UUID

from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

from cms.plugin_api.gate import owner_of_url
from cms.plugin_api.ownership import owner_of_match

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
BY_CONVERTER = {"int": "1", "uuid": str(UUID(int=0))}
GUESSES = ("x", "1", "2009")


class AddressNotReachedError(AssertionError):
    """No sample value could be found with which an address resolves."""


def addresses_of(slug: str, samples: Mapping[str, str] | None = None) -> list[str]:
    """Return one concrete path for each address of a plugin, public and admin, whether it is on or off.

    `samples` gives values for parameters that no guess fits. Raises AddressNotReachedError where one is missing.
    """
    found = []
    for patterns in _leaves(get_resolver().url_patterns, ()):
        paths = ["/" + path for path in _concrete(patterns, samples or {})]
        path = next((path for path in paths if owner_of_url(path) == slug), None)
        if path is not None:
            found.append(path)
        elif slug in _owners(patterns):
            raise AddressNotReachedError(f"Give `samples` for the parameters of {paths[0]}.")
    return found


def _leaves(
    patterns: list[URLPattern | URLResolver], above: tuple[Any, ...]
) -> Iterator[tuple[URLPattern | URLResolver, ...]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _leaves(pattern.url_patterns, (*above, pattern))
        else:
            yield (*above, pattern)


def _owners(patterns: tuple[Any, ...]) -> set[str | None]:
    """Return whose an address is without resolving it: by the gates on the way, and by its view."""
    *above, leaf = patterns
    namespaces = [name for pattern in above if (name := getattr(pattern, "namespace", None))]
    match = ResolverMatch(leaf.callback, (), leaf.default_args, namespaces=namespaces)
    return {owner_of_match(match), *(getattr(pattern, "owner", None) for pattern in above)}


def _concrete(patterns: tuple[URLPattern | URLResolver, ...], samples: Mapping[str, str]) -> Iterator[str]:
    """Yield the path with each guess in the place of the parameters."""
    for guess in GUESSES:
        parts = [_fill(pattern.pattern, samples, guess) for pattern in patterns]
        yield from ("".join(choice) for choice in product(*parts))


def _fill(pattern: Any, samples: Mapping[str, str], guess: str) -> list[str]:
    if isinstance(pattern, RoutePattern):
        return [PARAMETER.sub(lambda found: _sample(found, samples, guess), str(pattern))]
    candidates = normalize(str(pattern).removeprefix("^"))
    return [text % {name: samples.get(name, guess) for name in names} for text, names in candidates] or [""]


def _sample(parameter: re.Match[str], samples: Mapping[str, str], guess: str) -> str:
    name, converter = parameter["name"], parameter["converter"] or "str"
    return samples.get(name) or BY_CONVERTER.get(converter, guess)
