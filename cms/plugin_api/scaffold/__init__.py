"""Writes a new plugin: small, complete, and passing the contract as it is."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.plugin_api.urls import core_prefixes

HERE = Path(__file__).parent
SLUG = re.compile(r"[a-z][a-z0-9_]{1,28}")


def plugin_write(*, slug: str, root: Path) -> list[Path]:
    """Write `plugins/<slug>/` and `tests/plugins/<slug>/` below `root`, and return the files.

    Raises ValidationError, and writes nothing, when the name won't do.
    """
    _check_name(slug, root)
    words = {"slug": slug, "Camel": slug.title().replace("_", ""), "title": slug.replace("_", " ").capitalize()}
    written = []
    for source, target in ((HERE / "plugin", root / "plugins" / slug), (HERE / "tests", root / "tests/plugins" / slug)):
        for path in sorted(source.rglob("*.tpl")):
            name = str(path.relative_to(source)).removesuffix(".tpl").replace("SLUG", slug)
            written.append(_write(target / name, path.read_text(encoding="utf-8"), words))
    return written


def _write(path: Path, text: str, words: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(text).substitute(words), encoding="utf-8")
    return path


def _check_name(slug: str, root: Path) -> None:
    if not SLUG.fullmatch(slug) or keyword.iskeyword(slug):
        raise ValidationError(
            _("“%(slug)s” won't do: use lower-case letters, digits and _, beginning with a letter.") % {"slug": slug}
        )
    if slug in apps.app_configs or slug in core_prefixes() or (root / "plugins" / slug).exists():
        raise ValidationError(_("“%(slug)s” is taken.") % {"slug": slug})
