"""Keeps one plugin's mistake from becoming everybody's: caught, attributed, recorded; the rest goes on."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

logger = logging.getLogger("cms.plugin_api")

TRACEBACK_CHARACTERS = 10_000


@contextmanager
def isolated(plugin: str, place: str) -> Iterator[None]:
    """Catch whatever a plugin's code raises, record it under the plugin's name and go on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; nothing of it may reach the page
        record_error(plugin, place, error)


def record_error(plugin: str, place: str, error: Exception) -> None:
    """Log the error, and keep it for the switchboard where the database still takes it."""
    logger.error("Plugin %s failed in %s", plugin, place, exc_info=error)
    if connection.in_atomic_block and connection.needs_rollback:
        return
    try:
        with transaction.atomic():
            _store(plugin, place, error)
    except DatabaseError:
        logger.exception("The error of plugin %s could not be stored", plugin)


def _store(plugin: str, place: str, error: Exception) -> None:
    model = apps.get_model("plugin_api", "ContributionError")
    trace = "".join(traceback.format_exception(error))[-TRACEBACK_CHARACTERS:]
    row, _created = model.objects.get_or_create(plugin=plugin, place=place, exception=type(error).__name__)
    model.objects.filter(pk=row.pk).update(
        message=str(error)[:500], trace=trace, count=F("count") + 1, last_at=timezone.now()
    )
