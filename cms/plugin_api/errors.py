"""Keeps one plugin's mistake from becoming everybody's: caught, attributed, recorded; the rest goes on."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from math import inf
from time import monotonic

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

logger = logging.getLogger("cms.plugin_api")

TRACEBACK_CHARACTERS = 10_000
SECONDS_BETWEEN_WRITES = 10
"""How often one process stores the same error again; what happens in between is counted with the next."""

_waiting: dict[tuple[str, str, str], tuple[float, int]] = {}


@contextmanager
def isolated(plugin: str, place: str) -> Iterator[None]:
    """Catch whatever a plugin's code raises, record it under the plugin's name and go on.

    Within a transaction, what the code wrote before it raised is undone: PostgreSQL takes nothing more in a transaction
    in which a statement has failed, unless a savepoint goes before it.
    """
    try:
        with transaction.atomic() if in_transaction() else nullcontext():
            yield
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; nothing of it may reach the page
        record_error(plugin, place, error)


def in_transaction() -> bool:
    """Say whether somebody's transaction is open, which what is caught must leave usable."""
    return connection.in_atomic_block


def record_error(plugin: str, place: str, error: Exception) -> None:
    """Log the error, and keep it for the switchboard where the database still takes it."""
    logger.error("Plugin %s failed in %s", plugin, place, exc_info=error)
    times = _times_to_store((plugin, place, type(error).__name__))
    if not times or (connection.in_atomic_block and connection.needs_rollback):
        return
    try:
        with transaction.atomic():
            _store(plugin, place, error, times)
    except DatabaseError:
        logger.exception("The error of plugin %s could not be stored", plugin)


def _times_to_store(kind: tuple[str, str, str]) -> int:
    """Return how often the error has happened since it was stored last; 0 while that is too recent to write again.

    A contribution that raises on every page would otherwise turn each visit into a write.
    """
    now = monotonic()
    stored_at, waiting = _waiting.get(kind, (-inf, 0))
    if now - stored_at < SECONDS_BETWEEN_WRITES:
        _waiting[kind] = (stored_at, waiting + 1)
        return 0
    _waiting[kind] = (now, 0)
    return waiting + 1


def _store(plugin: str, place: str, error: Exception, times: int) -> None:
    model = apps.get_model("plugin_api", "ContributionError")
    trace = "".join(traceback.format_exception(error))[-TRACEBACK_CHARACTERS:]
    row, _created = model.objects.get_or_create(plugin=plugin, place=place, exception=type(error).__name__)
    model.objects.filter(pk=row.pk).update(
        message=str(error)[:500], trace=trace, count=F("count") + times, last_at=timezone.now()
    )
