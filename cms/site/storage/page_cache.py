"""Whole answers to visitors, kept in the cache that all processes share.

An answer is right for as long as the site's generation stands. The generation's copy in the cache is fetched together
with the answer, in one round trip; it is dropped whenever a change commits, and read again from the database when
missing. Should a process die between its commit and the dropping, the copy expires within a minute.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.db import DatabaseError
from redis.exceptions import RedisError

from cms.plugin_api.models import SiteState

logger = logging.getLogger("cms.site")

GENERATION_KEY = "kairan:generation"
GENERATION_SECONDS = 60
CACHE_ERRORS = (OSError, DatabaseError, RedisError)


@dataclass(frozen=True)
class StoredPage:
    """An answer as it went to the first visitor, and the generation that it was made in."""

    generation: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Lookup:
    """What the cache said. `generation` None: the cache does not answer, so nothing must be stored."""

    key: str
    generation: int | None
    page: StoredPage | None


def page_key(*parts: str) -> str:
    """Return the key of an answer. The parts come from outside: hashed, they can be of any length and character."""
    return "kairan:page:" + blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()


def look_up(key: str) -> Lookup:
    """Fetch the answer and the generation in one round trip; a dead cache is the same as an empty one."""
    try:
        found = _cache().get_many([GENERATION_KEY, key])
        generation = found.get(GENERATION_KEY)
        if generation is None:
            generation = _remember_generation()
    except CACHE_ERRORS as error:
        logger.warning("The page cache does not answer: %s", error)
        return Lookup(key, None, None)
    page: StoredPage | None = found.get(key)
    return Lookup(key, generation, page if page and page.generation == generation else None)


def limit_answer(request: Any, until: datetime | None) -> None:
    """Let the answer to this request be kept until then at the latest: from then on it would be another."""
    said: datetime | None = getattr(request, "answer_right_until", None)
    if until is not None and (said is None or until < said):
        request.answer_right_until = until


def keep(key: str, page: StoredPage, *, seconds: float) -> None:
    """Store an answer for so many seconds at most."""
    try:
        _cache().set(key, page, timeout=seconds)
    except CACHE_ERRORS as error:
        logger.warning("The page cache does not answer: %s", error)


def forget_generation() -> None:
    """Let every process read the generation again."""
    try:
        _cache().delete(GENERATION_KEY)
    except CACHE_ERRORS as error:
        logger.warning("The page cache does not answer; pages may be up to a minute old: %s", error)


def _remember_generation() -> int:
    """Copy the generation from the database into the cache.

    A change may commit, and drop the copy, between the reading and the copying. Reading once more afterwards finds
    that out; a change that commits after that drops the copy itself.
    """
    generation = _stored_generation()
    _cache().set(GENERATION_KEY, generation, timeout=GENERATION_SECONDS)
    if _stored_generation() != generation:
        forget_generation()
    return generation


def _stored_generation() -> int:
    return SiteState.objects.filter(pk=1).values_list("generation", flat=True).first() or 1


def _cache() -> BaseCache:
    """Return the shared cache itself, without the fallback that login throttling needs."""
    return caches["shared" if "shared" in settings.CACHES else "default"]
