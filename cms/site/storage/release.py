"""Which code, templates and styles this process runs: what earlier ones made must not outlive them."""

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from cms.plugin_api.registry import installed_plugins

ROOMS = ("cms", "plugins", "themes", "fixtures", "requirements")
COMPILED = {".pyc", ".mo"}


@cache
def running_release() -> str:
    """Return the digest of the release that this process started with."""
    return release_digest()


def release_digest() -> str:
    """Return a digest of all sources by name and content, so that it is the same on every machine of a deployment."""
    digest = hashlib.sha256(f"{sys.version} {version('wagtail')} {version('django')}".encode())
    for plugin in installed_plugins():  # one of a package stands outside the rooms
        digest.update(f"{plugin.slug} {plugin.version}\n".encode())
    for path in sorted(filter(_is_source, _files())):
        digest.update(f"{path.relative_to(settings.BASE_DIR)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> list[Path]:
    return [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*")]


def _is_source(path: Path) -> bool:
    return path.suffix not in COMPILED and path.is_file()
