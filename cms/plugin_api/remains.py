"""What the database still holds of a plugin whose code is gone."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page

from .manifest import Impact
from .models import SiteState
from .registry import get_plugin


def absent_plugins(*, using: str = DEFAULT_DB_ALIAS) -> dict[str, list[Impact]]:
    """Return the plugins whose code is gone though their content is here, with what that is, in numbers."""
    known = SiteState.objects.using(using).values_list("known_plugins", flat=True).first() or ()
    left = {slug: content_of(slug, using=using) for slug in known if get_plugin(slug) is None}
    return {slug: lines for slug, lines in left.items() if lines}


def content_of(slug: str, *, using: str = DEFAULT_DB_ALIAS) -> list[Impact]:
    """Return what the database holds of a plugin: pages, rows of its tables, pages of others with its blocks.

    Works without the plugin's code, so it knows tables by their names and blocks by their prefix.
    """
    types = ContentType.objects.using(using).filter(app_label=slug)
    lines = [
        Impact(_("Pages"), _count_pages(types, using)),
        Impact(_("Rows in its tables"), sum(_count_rows(f"{slug}_{kind.model}", using) for kind in types)),
        Impact(_("Other pages with its blocks"), _count_pages_with_blocks(slug, using)),
    ]
    return [line for line in lines if line.count]


def _count_pages(types: models.QuerySet[ContentType], using: str) -> int:
    count: int = Page.objects.using(using).filter(content_type__in=types).count()
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
