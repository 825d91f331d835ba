"""Closes the addresses of a plugin that is off, in the URL resolver, where nothing can go around it.

In a middleware's `process_view` APPEND_SLASH would still tell by its redirect that the address exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RegexPattern

from .ownership import owner_of_match
from .state import is_enabled


class GatedResolver(URLResolver):
    """Resolves as ever, then refuses what belongs to a plugin that is off, as if it weren't there.

    With an `owner` everything below belongs to that plugin; without, each view's owner is derived.
    """

    def __init__(self, pattern: Any, urlconf_name: Any, *args: Any, owner: str | None = None, **kwargs: Any) -> None:
        super().__init__(pattern, urlconf_name, *args, **kwargs)
        self.owner = owner

    def resolve(self, path: str) -> ResolverMatch:
        match = super().resolve(path)
        owner = self.owner or owner_of_match(match)
        if owner and not is_enabled(owner):
            raise Resolver404({"tried": [], "path": path})
        return match


def gated(patterns: Sequence[URLPattern | URLResolver], *, owner: str | None = None) -> list[URLResolver]:
    """Put addresses behind the gate."""
    return [GatedResolver(RegexPattern(r""), list(patterns), owner=owner)]
