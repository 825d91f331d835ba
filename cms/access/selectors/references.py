"""Which pages, images and documents an object names, and which of them its editor may not read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

from cms.access.selectors import Reader, current_reader, readable_files, readable_pages

LONGEST_KEY = 18
"""Digits of a key that every database takes; what a browser sends may have any number."""


class Reference(NamedTuple):
    """A page, image or document, and the field that names it."""

    model: type[Model]
    key: str
    field: str


def gated_models() -> tuple[type[Model], ...]:
    """Return the models that rules are about."""
    return (Page, get_image_model(), get_document_model())


def references_in(instance: Model) -> set[Reference]:
    """Return what an object names, as it stands in memory: in fields, streams, text and the rows that belong to it."""
    models = gated_models()
    types = {kind.pk: model for model, kind in ContentType.objects.get_for_models(*models).items()}
    named = ReferenceIndex._extract_references_from_object(instance)  # noqa: SLF001 - the index itself knows only what is saved
    return {
        Reference(types[type_id], key, path.split(".")[0])
        for type_id, key, _model_path, path in named
        if type_id in types
    }


def closed_references(references: Iterable[Reference], reader: Reader | None = None) -> list[Reference]:
    """Return those that the reader may not read. What does not exist is nobody's secret."""
    found = [one for one in references if is_key(one.key)]
    wanted: dict[type[Model], set[str]] = {}
    for one in found:
        wanted.setdefault(one.model, set()).add(one.key)
    shut = {(model, str(key)) for model, keys in wanted.items() for key in _closed_keys(model, keys, reader)}
    return [one for one in found if (one.model, one.key) in shut]


def is_key(text: str) -> bool:
    """Whether it can be the key of something."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY


def is_closed(instance: Any, reader: Reader | None = None) -> bool:
    """Whether it is a page, image or document that the reader may not read."""
    models = [model for model in gated_models() if isinstance(instance, model)]
    return any(_closed_keys(model, {instance.pk}, reader) for model in models)


def _closed_keys(model: type[Model], keys: set[Any], reader: Reader | None) -> set[int]:
    if (reader or current_reader()).reads_everything:
        return set()
    there = model._default_manager.filter(pk__in=keys).order_by()  # noqa: SLF001 - Django's public manager
    readable = readable_pages(there, reader) if model is Page else readable_files(there, reader)
    return set(there.exclude(pk__in=readable.values("pk")).values_list("pk", flat=True))
