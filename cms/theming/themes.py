"""Finds the installed themes and says which one is active."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import get_language

from cms.plugin_api.state import site_state

ROOT_THEME = "standard"
SCREENSHOT = "images/screenshot.webp"  # of the home page, 1280 by 800, for whoever chooses
_forced: ContextVar[str | None] = ContextVar("theme", default=None)
_previewed: ContextVar[Callable[[], str] | None] = ContextVar("previewed_theme", default=None)


class ThemeError(Exception):
    """A theme is missing or its theme.toml is wrong; the message is one sentence for the person who installs it."""


@dataclass(frozen=True)
class Theme:
    """A folder below `settings.THEMES_DIR`. `parent` is None for the root theme only."""

    name: str
    folder: Path
    titles: Mapping[str, str] = field(hash=False)
    summaries: Mapping[str, str] = field(default_factory=dict, hash=False)
    parent: "Theme | None" = None
    colours: Mapping[str, str] = field(default_factory=dict, hash=False)
    stylesheets: tuple[str, ...] = ()
    print_stylesheets: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The theme's name in the language of the reader."""
        return self.titles.get(get_language() or "", self.name)

    @property
    def summary(self) -> str:
        """What the theme looks like, in the language of the reader; empty where its author does not say."""
        return self.summaries.get(get_language() or "", "")

    @property
    def screenshot(self) -> str:
        """The storage path of the theme's own screenshot, empty where it has none: the parent's would mislead."""
        return f"themes/{self.name}/{SCREENSHOT}" if (self.folder / "static" / SCREENSHOT).is_file() else ""

    @property
    def chain(self) -> tuple["Theme", ...]:
        """This theme, its parent, and so on up to the root theme."""
        return (self, *self.parent.chain) if self.parent else (self,)

    @property
    def template_dirs(self) -> list[Path]:
        """Where templates are looked for, nearest first."""
        return [theme.folder / "templates" for theme in self.chain]

    def colour(self, scheme: str) -> str:
        """Return the browser's colour for `light` or `dark`, the nearest theme's that sets one."""
        return next((theme.colours[scheme] for theme in self.chain if scheme in theme.colours), "")

    def static_path(self, path: str) -> str:
        """Return the storage path of a static file: the nearest theme's that has it.

        Raises ThemeError where no theme in the chain has it.
        """
        return _static_path(self, path)


def installed_themes() -> list[Theme]:
    """Return every theme that can be loaded, in the order of their names. Broken ones are reported by a check."""
    return [theme for name in theme_names() if (theme := find_theme(name))]


def theme_names() -> list[str]:
    """Return the names of the folders that have a theme.toml."""
    return sorted(path.parent.name for path in settings.THEMES_DIR.glob("*/theme.toml"))


def find_theme(name: str) -> Theme | None:
    """Return the theme, or None where it is missing or broken."""
    try:
        return load_theme(name)
    except ThemeError:
        return None


def load_theme(name: str) -> Theme:
    """Return the theme. Raises ThemeError where it, or one of its ancestors, is missing or broken."""
    return _load(settings.THEMES_DIR, name, ())


def active_theme() -> Theme:
    """Return the theme to render with: the one that is forced, or previewed, or else the site's."""
    forced = _forced.get()
    return (find_theme(forced) if forced else previewed_theme()) or site_theme()


def site_theme() -> Theme:
    """Return the administrator's choice, else the deployment's (`CMS_THEME`), else the root theme.

    A chosen theme that has been removed since, or a database that does not answer, must not take the site down.
    """
    wanted = [settings.CMS_THEME] if _forced.get() else [_chosen_theme(), settings.CMS_THEME]
    return next((theme for name in wanted if name and (theme := find_theme(name))), None) or load_theme(ROOT_THEME)


def previewed_theme() -> Theme | None:
    """Return the theme that the person of this request looks at before choosing it, or None."""
    ask = _previewed.get()
    name = ask() if ask else ""
    return find_theme(name) if name else None


@contextmanager
def using_theme(name: str) -> Iterator[None]:
    """Render with this theme whatever the site's state says, and without reading it."""
    token = _forced.set(name)
    try:
        yield
    finally:
        _forced.reset(token)


@contextmanager
def previewing(ask: Callable[[], str]) -> Iterator[None]:
    """Render with the theme that `ask` names, if any. It is asked at the first template, so that files cost nothing."""
    token = _previewed.set(ask)
    try:
        yield
    finally:
        _previewed.reset(token)


def _chosen_theme() -> str:
    try:
        return site_state().theme
    except DatabaseError:
        return ""


@lru_cache(maxsize=64)
def _load(folder: Path, name: str, below: tuple[str, ...]) -> Theme:
    """Read a theme and its ancestors; `below` holds the names already read, to notice a circle."""
    values = _read_toml(folder, name)
    parent_name = values.get("parent", "" if name == ROOT_THEME else ROOT_THEME)
    if parent_name in (*below, name):
        raise ThemeError(f"The themes {' → '.join((*below, name, parent_name))} are each other's parents.")
    parent = _load(folder, parent_name, (*below, name)) if parent_name else None
    return Theme(
        name=name,
        folder=folder / name,
        titles=values["title"],
        summaries=values.get("summary", {}),
        parent=parent,
        colours=values.get("colours", {}),
        stylesheets=tuple(values.get("stylesheets", ())),
        print_stylesheets=tuple(values.get("print_stylesheets", ())),
    )


@lru_cache(maxsize=512)
def _static_path(theme: Theme, path: str) -> str:
    for ancestor in theme.chain:
        if (ancestor.folder / "static" / path).is_file():
            return f"themes/{ancestor.name}/{path}"
    raise ThemeError(f"The theme “{theme.name}” and its parents have no static file “{path}”.")


def _read_toml(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name / "theme.toml"
    if Path(name).name != name or not path.is_file():
        known = ", ".join(sorted(found.parent.name for found in folder.glob("*/theme.toml")))
        raise ThemeError(f"There is no theme “{name}”; the installed themes are: {known}.")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"themes/{name}/theme.toml cannot be read: {error}.") from error
    if mistake := _mistake(name, values):
        raise ThemeError(f"themes/{name}/theme.toml: {mistake}.")
    return values


def _mistake(name: str, values: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the values, or None."""
    if unknown := set(values) - {"name", "title", "summary", "parent", "colours", "stylesheets", "print_stylesheets"}:
        return f"“{min(unknown)}” is not a known entry"
    if values.get("name") != name:
        return f"“name” must be the folder's name, “{name}”"
    if not isinstance(values.get("parent", ""), str):
        return "“parent” must be the name of a theme"
    if missing := {"ja", "en"} - set(_texts(values.get("title"))):
        return f"“title” lacks the language “{min(missing)}”"
    if "summary" in values and (missing := {"ja", "en"} - set(_texts(values["summary"]))):
        return f"“summary” lacks the language “{min(missing)}”"
    if "colours" in values and len(_texts(values["colours"])) != len(values["colours"]):
        return "“colours” must map light and dark to a colour"
    for key in ("stylesheets", "print_stylesheets"):
        if not all(isinstance(sheet, str) for sheet in values.get(key, ())):
            return f"“{key}” must be a list of paths"
    return None


def _texts(table: object) -> dict[str, str]:
    """Return the entries of a TOML table whose value is a text."""
    if not isinstance(table, dict):
        return {}
    return {key: value for key, value in table.items() if isinstance(value, str) and value}
