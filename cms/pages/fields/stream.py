"""A StreamField that keeps what it doesn't know, and whose blocks never enter a migration.

Wagtail's own drops every unknown item on reading and again from the form, so that a page saved while a plugin is away
loses that plugin's content for good; a historical model, which knows no block, loses the whole body.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from wagtail import fields as wagtail_fields
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks import Block, BlockField, BlockWidget, StreamBlock, StreamValue
from wagtail.blocks.stream_block import StreamBlockAdapter

from cms.plugin_api import is_owner_on
from cms.plugin_api.errors import isolated

from .kept import KEPT, KeptBlock, KeptChild, KeptItem


class KeepingStreamValue(StreamValue):
    """A stream in which unusable items stay, at their place, as kept children."""

    stream_block: KeepingStreamBlock

    def _construct_stream_child(self, item: Any) -> StreamValue.StreamChild:
        value = None if isinstance(item, StreamValue.StreamChild) else item[1]
        if isinstance(value, KeptItem):
            return KeptChild(self.stream_block.kept_block, value)
        return super()._construct_stream_child(item)

    def _prefetch_blocks(self, type_name: str) -> None:
        if self.stream_block.is_usable(type_name):
            super()._prefetch_blocks(type_name)
            return
        for index, raw in enumerate(self._raw_data):
            if self._bound_blocks[index] is None and raw["type"] == type_name:
                self._bound_blocks[index] = KeptChild(self.stream_block.kept_block, KeptItem.of(raw))


class KeepingStreamBlock(StreamBlock):
    """The outermost block of a page's stream. Plugins' blocks are offered at this level, not within other blocks."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__(local_blocks, **kwargs)
        self.kept_block = KeptBlock()
        self.kept_block.set_name(KEPT)
        self.child_blocks[KEPT] = self.kept_block
        self.owners: dict[str, str] = {}

    def add_owned(self, name: str, block: Block, *, owner: str) -> None:
        """Take in a plugin's block. Whether the plugin is on is asked at each use, never remembered."""
        block.set_name(name)
        self.child_blocks[name] = block
        self.owners[name] = owner

    def is_usable(self, type_name: str) -> bool:
        """Say whether an item of this type may be edited and shown now."""
        if type_name == KEPT or type_name not in self.child_blocks:
            return False
        return is_owner_on(self.owners.get(type_name))

    def unusable(self) -> list[str]:
        """Return the types of blocks that are defined here but can't be used now."""
        return [name for name in self.owners if not self.is_usable(name)]

    def to_python(self, value: Any) -> StreamValue:
        if isinstance(value, KeepingStreamValue):
            return value
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return KeepingStreamValue(self, [], raw_text=value)
        value = value if isinstance(value, StreamValue) else list(value or ())
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return KeepingStreamValue(self, value, is_lazy=True)
        return self._keeping(super().to_python(value))

    def empty_value(self, raw_text: str | None = None) -> StreamValue:
        return KeepingStreamValue(self, [], raw_text=raw_text)

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> StreamValue:
        items = sorted(self._posted(data, files, prefix), key=lambda item: item[0])
        return KeepingStreamValue(self, [item[1:] for item in items])

    def _posted(self, data: Any, files: Any, prefix: str) -> Iterator[tuple[int, str, Any, str | None]]:
        for index in range(int(data.get(f"{prefix}-count") or 0)):
            if data[f"{prefix}-{index}-deleted"]:
                continue
            type_name = data[f"{prefix}-{index}-type"]
            block = self.child_blocks[type_name] if self.is_usable(type_name) else self.kept_block
            value = block.value_from_datadict(data, files, f"{prefix}-{index}-value")
            yield int(data[f"{prefix}-{index}-order"]), type_name, value, data.get(f"{prefix}-{index}-id")

    def clean(self, value: StreamValue) -> StreamValue:
        return self._keeping(super().clean(value))

    def _keeping(self, value: StreamValue) -> KeepingStreamValue:
        items = [(KEPT, child.value, child.id) if isinstance(child.value, KeptItem) else child for child in value]
        return KeepingStreamValue(self, items, raw_text=value.raw_text)

    def bulk_to_python(self, values: Iterable[list[dict[str, Any]]]) -> list[StreamValue]:
        return [self.to_python(value) for value in values]

    def get_api_representation(self, value: StreamValue | None, context: Any = None) -> Any:
        return super().get_api_representation(self._shown(value), context)

    def render_basic(self, value: StreamValue, context: Any = None) -> SafeString:
        """Render what may be shown; a plugin's block that raises is left out and recorded with the plugin's name."""
        rendered = (self._render_child(child, context) for child in self._shown(value))
        return format_html_join("\n", "{}", ((html,) for html in rendered if html))

    def _render_child(self, child: StreamValue.StreamChild, context: Any) -> str:
        owner = self.owners.get(child.block_type)
        if owner is None:
            return child.render(context=context)
        with isolated(owner, f"block {child.block_type}"):
            return child.render(context=context)
        return ""

    def _shown(self, value: Iterable[Any] | None) -> list[Any]:
        return [child for child in value or () if not isinstance(child, KeptChild)]

    def extract_references(self, value: StreamValue) -> Iterator[tuple[Any, ...]]:
        """Find what is referred to, by kept items too where the code to read them is there."""
        for child in value:
            yield from super().extract_references([self._readable(child)])

    def _readable(self, child: StreamValue.StreamChild) -> StreamValue.StreamChild:
        block: Block | None = self.child_blocks.get(child.block_type)
        if not isinstance(child, KeptChild) or block is None:
            return child
        return StreamValue.StreamChild(block, block.to_python(child.value.stored["value"]), id=child.id)


class KeepingStreamBlockAdapter(StreamBlockAdapter):
    """Tells the editor's script of the stand-in block, and which types its menu must not offer."""

    js_constructor = "kairan.KeepingStreamBlock"

    def js_args(self, block: KeepingStreamBlock) -> list[Any]:
        name, groups, states, meta = super().js_args(block)
        return [name, groups, states, {**meta, "hidden": [KEPT, *block.unusable()]}]

    @cached_property
    def media(self) -> forms.Media:
        own = forms.Media(js=[versioned_static("pages/js/keeping_stream_block.js")])
        return super().media + own


register(KeepingStreamBlockAdapter(), KeepingStreamBlock)


class KeepingBlockWidget(BlockWidget):
    """Describes the blocks afresh each time: labels follow the language, the menu follows what is on."""

    @property
    def block_json(self) -> str:
        self._build_block_json()
        return self._block_json


class KeepingBlockField(BlockField):
    """Compares kept items by their id: what the form brings back of them holds nothing else."""

    def __init__(self, block: KeepingStreamBlock, **kwargs: Any) -> None:
        super().__init__(block=block, **{"widget": KeepingBlockWidget(block), **kwargs})

    def has_changed(self, initial_value: Any, data_value: Any) -> bool:
        return self._comparable(initial_value) != self._comparable(data_value)

    def _comparable(self, value: Any) -> list[Any]:
        children = value if isinstance(value, StreamValue) else self.block.to_python(value)
        return [child.id if isinstance(child, KeptChild) else child.get_prep_value() for child in children]


class StreamField(wagtail_fields.StreamField):
    """Use this wherever Wagtail's StreamField would stand."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the blocks out: switching a plugin must never cause a migration.

        A historical model therefore knows no block at all, and keeps everything.
        """
        name, path, _args, kwargs = models.Field.deconstruct(self)
        return name, path, [[]], kwargs

    def clone(self) -> StreamField:
        """Copy with the blocks, which `deconstruct` doesn't tell."""
        *_identity, kwargs = self.deconstruct()
        options = {key: value for key, value in self.block_opts.items() if key != "required"}
        return type(self)(self.block_types_arg, block_lookup=self.block_lookup, **kwargs, **options)

    @property
    def stream_block(self) -> KeepingStreamBlock:
        """Built at first use, when every plugin is loaded."""
        built = self.__dict__.get("_stream_block")
        if built is None:
            built = self.__dict__["_stream_block"] = self._build_stream_block()
        return built

    def _build_stream_block(self) -> KeepingStreamBlock:
        given = self.block_types_arg
        block = given() if isinstance(given, type) else given
        if not isinstance(block, Block):
            block = KeepingStreamBlock(block)
        if not isinstance(block, KeepingStreamBlock):
            raise TypeError(f"The outermost block must be a KeepingStreamBlock, not {type(block).__name__}.")
        block.set_meta_options(self.block_opts)
        return block

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": KeepingBlockField, **kwargs})

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Put the stored data of kept items back before the form's value takes their place.

        Raises ValidationError where an item was added or copied that can't be used now: its content would have to be
        taken from the browser.
        """
        missing = _restore(data, self._stored_items(instance))
        if missing:
            raise ValidationError({self.name: _refusal(missing)})
        super().save_form_data(instance, data)

    def _stored_items(self, instance: models.Model) -> Iterator[dict[str, Any]]:
        """Yield the items that the object holds, then those of its revisions: an older one may be gone back to."""
        yield from getattr(instance, self.attname).get_prep_value()
        revisions = getattr(instance, "revisions", None)
        if revisions is not None and instance.pk:
            for content in revisions.order_by("-created_at", "-pk").values_list("content", flat=True).iterator():
                yield from json.loads(content.get(self.name) or "[]")


def _restore(value: StreamValue, stored: Iterator[dict[str, Any]]) -> int:
    """Fill the kept items of a form's value from the stored ones; return how many aren't stored."""
    waiting = [(index, child) for index, child in enumerate(value) if isinstance(child, KeptChild)]
    waiting = [(index, child) for index, child in waiting if child.value.raw is None]
    found = _meant({child.id: child.value.mark for _index, child in waiting}, stored)
    for index, child in waiting:
        item = found.pop(child.id, None)
        if item is not None:
            value[index] = (KEPT, item, child.id)
    return sum(value[index].value.raw is None for index, _child in waiting)


def _meant(marks: dict[str, str], stored: Iterator[dict[str, Any]]) -> dict[str, KeptItem]:
    """Return the item of each id: that with the mark which the form shows, or else the first, which is of now."""
    found: dict[str, KeptItem] = {}
    sure: set[str] = set()
    while len(sure) < len(marks) and (raw := next(stored, None)) is not None:
        item = KeptItem.of(raw)
        if marks.get(item.id) == item.mark and item.id not in sure:
            sure.add(item.id)
            found[item.id] = item
        elif item.id in marks:
            found.setdefault(item.id, item)
    return found


def _refusal(number: int) -> str:
    return ngettext(
        "%(number)d part belongs to a plugin that is not available and cannot be added or copied. Remove it.",
        "%(number)d parts belong to plugins that are not available and cannot be added or copied. Remove them.",
        number,
    ) % {"number": number}
