"""Closes the addresses of a plugin that is off, in the URL resolver, where nothing can go around it.

In a middleware's `process_view` APPEND_SLASH would still tell by its redirect that the address exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_script_prefix, resolve
from django.urls.resolvers import RegexPattern

from .ownership import owner_of_match
from .state import is_owner_on

_owners: ContextVar[list[str] | None] = ContextVar("gate_owners", default=None)
"""Where the gates that an address passes leave their owners, while somebody only asks whose it is."""


class GatedResolver(URLResolver):
    """Resolves as ever, then refuses what belongs to a plugin that is off, as if it weren't there.

    With an `owner` everything below belongs to that plugin; without, each view's owner is derived.
    """

    def __init__(self, pattern: Any, urlconf_name: Any, *args: Any, owner: str | None = None, **kwargs: Any) -> None:
        super().__init__(pattern, urlconf_name, *args, **kwargs)
        self.owner = owner

    def resolve(self, path: str) -> ResolverMatch:
        match = super().resolve(path)
        owner, asked = self.owner or owner_of_match(match), _owners.get()
        if owner and asked is not None:
            asked.append(owner)
        elif not is_owner_on(owner):
            # Not Resolver404: the addresses that follow, such as the admin's catch-all, are not to answer instead.
            raise Http404
        return match


def gated(patterns: Sequence[URLPattern | URLResolver], *, owner: str | None = None) -> list[URLResolver]:
    """Put addresses behind the gate."""
    return [GatedResolver(RegexPattern(r""), list(patterns), owner=owner)]


def is_closed(path: str) -> bool:
    """Say whether nothing is at a path, or what is there belongs to a plugin that is off."""
    try:
        resolve(path)
    except Http404:
        return True
    return False


def owner_of_url(url: str) -> str | None:
    """Return the plugin that an address of this site leads to, whether it is on or off; None for the core's."""
    owners: list[str] = []
    token = _owners.set(owners)
    try:
        resolve("/" + urlsplit(url).path.removeprefix(get_script_prefix()))
    except Resolver404:
        return None
    finally:
        _owners.reset(token)
    return owners[0] if owners else None
