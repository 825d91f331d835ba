"""Background work of plugins: which there is, and that it doesn't run while the plugin is off.

The core's job runner asks `reason_to_skip` before each job, so a plugin's task needs no guard of its own. It must only
be queued there: a task on another backend would run unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages

from django.utils.module_loading import module_has_submodule
from django_tasks.base import Task

from .errors import record_error
from .manifest import Plugin
from .ownership import owner_of
from .state import is_enabled, site_state

QUEUE = "jobs"
"""The task backend whose runner asks here."""


def reason_to_skip(path: str) -> str | None:
    """Say why the task at a dotted path must not run now; None when it may."""
    owner = owner_of(path)
    if owner is not None:
        return None if is_enabled(owner) else f"the plugin '{owner}' is off"
    return "its plugin is not installed" if _of_absent_plugin(path) else None


@contextmanager
def failure_recorded(path: str) -> Iterator[None]:
    """Record what the task at a dotted path raises under its plugin's name; the queue hears of it as ever."""
    try:
        yield
    except Exception as error:
        owner = owner_of(path)
        if owner is not None:
            record_error(owner, f"task {path}", error)
        raise


def _of_absent_plugin(path: str) -> bool:
    """A known plugin without an owner now has no code any more, whether it lay in `plugins/` or in a package."""
    package, *rest = path.split(".")
    return (package == "plugins" and bool(rest)) or package in site_state().known_plugins


def plugin_tasks(plugin: Plugin) -> list[Task]:
    """Return every task that a plugin defines in its `tasks` module or package."""
    if not module_has_submodule(plugin.module, "tasks"):
        return []
    root = import_module(f"{plugin.name}.tasks")
    names = [found.name for found in walk_packages(getattr(root, "__path__", []), f"{root.__name__}.")]
    modules = [root, *(import_module(name) for name in names)]
    found = (value for module in modules for value in vars(module).values() if isinstance(value, Task))
    return list({task.module_path: task for task in found if owner_of(task.module_path) == plugin.slug}.values())
