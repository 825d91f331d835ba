"""Finds the plugins that a deployment makes available. Runs while settings load, so it imports no plugin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ENTRY_POINT_GROUP = "kairan.plugins"


def plugin_apps(folder: Path, available: Sequence[str] | None, dormant: Sequence[str]) -> list[str]:
    """Return the INSTALLED_APPS entries of the available and the dormant plugins, in slug order.

    `available` None means every plugin in `folder` and every installed package of the group `kairan.plugins`.

    Raises ImproperlyConfigured with one sentence when a name is unknown, stands for two plugins, or is in both.
    """
    found = found_plugins(folder)
    _refuse_unknown("CMS_PLUGINS", available or (), found)
    _refuse_unknown("CMS_PLUGINS_DORMANT", dormant, found)
    if both := sorted({*(available or ())} & {*dormant}):
        raise ImproperlyConfigured(
            f"CMS_PLUGINS and CMS_PLUGINS_DORMANT both name the plugin '{both[0]}'. Name it in one of them."
        )
    wanted = set(found) if available is None else {*available, *dormant}
    return [entry for slug, entry in sorted(found.items()) if slug in wanted]


def found_plugins(folder: Path) -> dict[str, str]:
    """Map the slug of each plugin on this machine to its INSTALLED_APPS entry."""
    local = {path.parent.name: f"plugins.{path.parent.name}" for path in folder.glob("*/apps.py")}
    packaged = packaged_plugins()
    twice = sorted(local.keys() & packaged.keys())
    if twice:
        raise ImproperlyConfigured(
            f"The plugin '{twice[0]}' exists twice: in {folder} and as the installed package {packaged[twice[0]]}. "
            "Remove one of them."
        )
    return {**local, **packaged}


def packaged_plugins() -> Mapping[str, str]:
    """Map the slug of each installed package with the entry point `kairan.plugins` to its INSTALLED_APPS entry.

    The entry point's name is the slug; its value is the package ("kairan_hello") or the config
    ("kairan_hello.apps:Hello").
    """
    return {point.name: point.value.replace(":", ".") for point in entry_points(group=ENTRY_POINT_GROUP)}


@contextmanager
def naming(slug: str, what: str) -> Iterator[None]:
    """Stop the start with one sentence that names the plugin, whatever its code raises while it is imported."""
    try:
        yield
    except Exception as error:
        raise ImproperlyConfigured(
            f"The plugin '{slug}' cannot be started: importing its {what} fails with {error!r}. "
            "Repair it, or take it out of CMS_PLUGINS."
        ) from error


def _refuse_unknown(setting: str, named: Sequence[str], found: Mapping[str, str]) -> None:
    for slug in named:
        if slug not in found:
            raise ImproperlyConfigured(
                f"{setting} names the plugin '{slug}', but there is no such plugin here. "
                f"Available: {', '.join(sorted(found)) or 'none'}."
            )
