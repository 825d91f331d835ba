"""Finds the plugins that a deployment makes available. Runs while settings load, so it imports no plugin."""

from collections.abc import Sequence
from pathlib import Path


def plugin_apps(folder: Path, available: Sequence[str] | None, dormant: Sequence[str]) -> list[str]:
    """Return the app names (`plugins.<slug>`) of the available and the dormant plugins, in slug order.

    `available` None means every plugin in `folder`.
    """
    found = sorted(path.parent.name for path in folder.glob("*/apps.py"))
    wanted = set(found) if available is None else {*available, *dormant}
    return [f"plugins.{slug}" for slug in found if slug in wanted]
