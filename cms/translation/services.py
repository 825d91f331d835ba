"""Compiles translations without GNU gettext, which a fresh machine does not have. Needs no configured Django."""

from pathlib import Path

import polib

CATALOGS = (
    "cms/**/locale/*/LC_MESSAGES/*.po",
    "plugins/**/locale/*/LC_MESSAGES/*.po",
    "themes/*/locale/*/LC_MESSAGES/*.po",
)


def catalog_paths(root: Path) -> list[Path]:
    """Return every translation file of the core, the plugins and the themes."""
    return sorted(path for pattern in CATALOGS for path in root.glob(pattern))


def catalogs_compile(*, root: Path) -> list[Path]:
    """Write the `.mo` beside each `.po` that is newer, and return the files that were written.

    A file appears whole or not at all: several processes may compile at once.
    """
    return [catalog_compile(path) for path in catalog_paths(root) if _is_stale(path)]


def catalog_compile(path: Path) -> Path:
    """Compile one `.po`; an untranslated or fuzzy message is left out and falls back to its msgid."""
    target = path.with_suffix(".mo")
    partial = target.with_suffix(f".mo.{id(path)}")
    polib.pofile(str(path)).save_as_mofile(str(partial))
    return partial.replace(target)


def _is_stale(path: Path) -> bool:
    target = path.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns < path.stat().st_mtime_ns
