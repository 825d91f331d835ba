"""Which tags may be named to whom: a tag may say what a closed page is about."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from taggit.models import ItemBase
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.access.selectors import current_reader, readable_files, readable_pages


def readable_tags(tags: QuerySet[Any]) -> QuerySet[Any]:
    """Keep the tags that stand on a page, image or document that whoever reads may read; on nothing else, nobody knows.

    A tag on no page as it is stored may be one of a draft.
    """
    if current_reader().reads_everything:
        return tags
    named = Q(pk__in=[])
    for relation in tags.model._meta.related_objects:  # noqa: SLF001 - Django's public API
        through = relation.related_model
        if isinstance(through, type) and issubclass(through, ItemBase):
            for uses in _readable_uses(through):
                named |= Q(Exists(uses.filter(**{relation.field.name: OuterRef("pk")})))
    return tags.filter(named)


def _readable_uses(through: type[ItemBase]) -> list[QuerySet[Any]]:
    content: Any = through._meta.get_field("content_object")  # noqa: SLF001 - Django's public API
    uses = through._default_manager.order_by()  # noqa: SLF001 - Django's public API
    if content.related_model and issubclass(content.related_model, Page):
        return [uses.filter(content_object__in=readable_pages(Page.objects.order_by()).values("pk"))]
    if content.related_model:
        return []
    models: tuple[type[Model], ...] = (get_image_model(), get_document_model())
    return [
        uses.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=readable_files(model._default_manager.order_by()).values("pk"),  # noqa: SLF001 - Django's public API
        )
        for model in models
    ]
