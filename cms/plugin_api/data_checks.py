"""Checks of the plugins against what the database holds: part of `check --database` and `plugins check`.

They are no part of `migrate`, which is one of the remedies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from .remains import absent_plugins

_silent: ContextVar[bool] = ContextVar("data_checks_silent", default=False)


@contextmanager
def data_checks_silent() -> Iterator[None]:
    """Let a command run that repairs what these checks find."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


@register(Tags.database)
def check_stored_plugins(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find apps whose tables aren't made yet, and plugins that are gone though their content is here."""
    if not databases or _silent.get():
        return []
    found: list[CheckMessage] = list(_unmigrated(databases[0]))
    return found or list(_absent_with_content(databases[0]))


def _unmigrated(using: str) -> Iterator[CheckMessage]:
    executor = MigrationExecutor(connections[using])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    waiting = sorted({migration.app_label for migration, _backwards in plan})
    if waiting:
        yield Error(
            f"The database has not been migrated for {', '.join(waiting)}.",
            hint="Run `python manage.py migrate`. Until then deleting any page of the site would fail.",
            id="plugin_api.E020",
        )


def _absent_with_content(using: str) -> Iterator[CheckMessage]:
    for slug, lines in absent_plugins(using=using).items():
        with translation.override(None):  # checks speak English, whatever the language of the site
            numbers = ", ".join(f"{line.label}: {line.count}" for line in lines)
        yield Error(
            f"The plugin '{slug}' is not available any more, but its content is still here ({numbers}).",
            hint=(
                "Name it in CMS_PLUGINS_DORMANT, which keeps the content and closes the plugin; or make it "
                "available again (CMS_PLUGINS), delete its content, and take it away then."
            ),
            obj=slug,
            id="plugin_api.E021",
        )
