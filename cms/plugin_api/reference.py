"""Writes the reference of everything that the core offers to plugins, from the code itself."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from . import points as points_module
from .capabilities import capabilities
from .events import events
from .hooks import ASKED, CLASSES, KEPT
from .manifest import Plugin
from .points import points

BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"


def reference() -> str:
    """Return the reference as Markdown."""
    parts = [_manifest(), _points(), _values(), _capabilities(), _events(), _hooks()]
    return "\n\n".join(["\n".join(part) for part in parts])


def with_reference(text: str) -> str:
    """Return a document with the reference between its marks brought up to date."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"


def _manifest() -> Iterator[str]:
    yield "### The manifest"
    yield ""
    yield f"A class derived from `cms.plugin_api.{Plugin.__name__}` in the plugin's `apps.py`."
    yield ""
    yield from (f"- `{name}`: {words}" for name, words in manifest_attributes().items())
    for name in ("impact", "on_enable", "on_disable"):
        yield f"- `{name}()`: {_doc(getattr(Plugin, name))}"


def manifest_attributes() -> dict[str, str]:
    """Return the attributes of the manifest with the words below them, which Python keeps in the source only."""
    (declared,) = ast.parse(inspect.getsource(Plugin)).body
    body = getattr(declared, "body", [])
    return {
        ast.unparse(line.target): _words_of(after) for line, after in pairwise(body) if isinstance(line, ast.AnnAssign)
    }


def _words_of(line: ast.stmt) -> str:
    value = line.value if isinstance(line, ast.Expr) else None
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _points() -> Iterator[str]:
    yield "### Extension points"
    yield ""
    yield f"Named in `{Plugin.__name__}.contributions`, with the dotted path of a function."
    for name, point in sorted(points.items()):
        yield from ("", f"#### `{_signature(name, point.declaration)}`", "", _doc(point))


def _values() -> Iterator[str]:
    yield "### What is passed"
    for name, value in sorted(inspect.getmembers(points_module, inspect.isclass)):
        if dataclasses.is_dataclass(value) and value.__module__ == points_module.__name__:
            fields = ", ".join(f"`{field.name}: {field.type}`" for field in dataclasses.fields(value))
            yield from ("", f"#### `{name}`", "", _doc(value), "", f"Fields: {fields}.")


def _capabilities() -> Iterator[str]:
    yield "### Capabilities"
    yield ""
    yield "Named in `contributions` too, with the dotted path of a class. At most one plugin provides each."
    for name, capability in sorted(capabilities.items()):
        yield from ("", f"#### `{name}`", "", _doc(capability))
        for method, function in inspect.getmembers(capability.interface, inspect.isfunction):
            if not method.startswith("_"):
                yield from ("", f"`{_signature(method, function)}`: {_doc(function)}")


def _events() -> Iterator[str]:
    yield "### Events"
    yield ""
    yield "Named in `receivers`, with the dotted path of a function that takes the event."
    for name, event in sorted(events.items()):
        fields = ", ".join(f"`{field.name}: {field.type}`" for field in dataclasses.fields(event))  # type: ignore[arg-type]  # every event is one
        yield from ("", f"#### `{name}`: `{event.__name__}`", "", f"{_doc(event)} Fields: {fields}.")


def _hooks() -> Iterator[str]:
    yield "### Wagtail's hooks"
    yield ""
    yield "Registered with `cms.plugin_api.hooks.register`."
    yield ""
    yield f"- Silent while the plugin is off: {_names(ASKED)}."
    yield f"- Asked once a process, their answers gated: {_names(KEPT)}."
    yield f"- Views by their class, closed while the plugin is off: {_names(CLASSES)}."


def _signature(name: str, function: Callable[..., Any]) -> str:
    return name + str(inspect.signature(function)).replace("'", "")


def _doc(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())


def _names(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
