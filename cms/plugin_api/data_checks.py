"""Checks of the plugins against what the database holds: part of `check --database` and `plugins check`.

They are no part of `migrate`, which is one of the remedies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Cast
from wagtail.fields import StreamField

from .models import SiteState
from .registry import get_plugin, installed_plugins

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
    """Find plugins whose tables aren't made yet, and plugins that are gone though their content is here."""
    if not databases or _silent.get():
        return []
    found: list[CheckMessage] = list(_unmigrated(databases[0]))
    return found or list(_absent_with_content(databases[0]))


def _unmigrated(using: str) -> Iterator[CheckMessage]:
    executor = MigrationExecutor(connections[using])
    labels = [plugin.slug for plugin in installed_plugins()]
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    waiting = {migration.app_label for migration, _backwards in executor.migration_plan(targets)}
    for slug in sorted(waiting):
        yield Error(
            f"The plugin '{slug}' is installed, but the database has not been migrated for it."
            if slug in labels
            else f"The database has not been migrated for '{slug}', which a plugin needs.",
            hint="Run `python manage.py migrate`. Until then deleting any page of the site would fail.",
            obj=slug,
            id="plugin_api.E020",
        )


def _absent_with_content(using: str) -> Iterator[CheckMessage]:
    for slug in SiteState.objects.using(using).values_list("known_plugins", flat=True).first() or ():
        counts = content_counts(slug, using=using) if get_plugin(slug) is None else {}
        if counts:
            numbers = ", ".join(f"{count} {what}" for what, count in counts.items())
            yield Error(
                f"The plugin '{slug}' is not available any more, but its content is still here: {numbers}.",
                hint=(
                    "Name it in CMS_PLUGINS_DORMANT, which keeps the content and closes the plugin; or make it "
                    "available again (CMS_PLUGINS), delete its content, and take it away then."
                ),
                obj=slug,
                id="plugin_api.E021",
            )


def content_counts(slug: str, *, using: str = "default") -> dict[str, int]:
    """Return what the database holds of a plugin, by kind: pages, rows of its tables, blocks in others' pages.

    Works without the plugin's code, so it knows tables by their names and blocks by their prefix.
    """
    types = ContentType.objects.using(using).filter(app_label=slug)
    counts = {
        "pages": _count_pages(types, using),
        "rows": sum(_count_rows(f"{slug}_{kind.model}", using) for kind in types),
        "pages with its blocks": _count_pages_with_blocks(slug, using),
    }
    return {what: count for what, count in counts.items() if count}


def _count_pages(types: models.QuerySet[ContentType], using: str) -> int:
    page: Any = apps.get_model("wagtailcore", "Page")
    count: int = page.objects.using(using).filter(content_type__in=types).count()
    return count


def _count_rows(table: str, using: str) -> int:
    connection = connections[using]
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return 0
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a quoted table name
        return int(cursor.fetchone()[0])


def _count_pages_with_blocks(slug: str, using: str) -> int:
    marker = f'"type": "{slug}_'
    fields = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields  # noqa: SLF001 - Django's public _meta
        if isinstance(field, StreamField)
    ]
    return sum(
        _count_containing(model._default_manager.using(using), name, marker)  # noqa: SLF001 - Django's own public name
        for model, name in fields
    )


def _count_containing(rows: models.QuerySet[Any], name: str, text: str) -> int:
    return rows.annotate(stored=Cast(name, models.TextField())).filter(stored__contains=text).count()
