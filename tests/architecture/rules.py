"""Rules of docs/structure.md that an import graph cannot show; each takes a checkout and returns violations.

Plugins are found on disk, so a new one is covered without an edit here.
"""

import ast
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

Rule = Callable[[Path], list[str]]
LIBRARY_ROOMS = {"calendar", "fulltext", "plugin_api", "settings"}
"""Rooms of the core with an order of their own: no layers of an app."""


def plugin_slugs(root: Path) -> list[str]:
    """Return the plugins of the checkout."""
    return sorted(path.parent.name for path in root.glob("plugins/*/apps.py"))


def core_rooms(root: Path) -> list[str]:
    """Return the packages of the core."""
    return sorted(path.parent.name for path in root.glob("cms/*/__init__.py"))


def core_names_no_plugin(root: Path) -> list[str]:
    """No string and no template of the core or of a theme refers to a plugin."""
    slugs = plugin_slugs(root)
    return [
        *_references(root, root.glob("cms/**/*"), slugs),
        *(
            found
            for path in _theme_files_outside_plugin_folders(root, slugs)
            for found in _references(root, [path], slugs)
        ),
    ]


def plugins_name_no_other_plugin(root: Path) -> list[str]:
    """A plugin's strings and templates refer to itself only."""
    slugs = plugin_slugs(root)
    return [
        found
        for slug in slugs
        for found in _references(root, root.glob(f"plugins/{slug}/**/*"), [other for other in slugs if other != slug])
    ]


def plugin_templates_stay_in_their_folder(root: Path) -> list[str]:
    """Templates and static files of a plugin live below its slug, so that none shadows another's."""
    return [
        f"{path.relative_to(root)}: belongs below {kind}/{slug}/"
        for slug in plugin_slugs(root)
        for kind in ("templates", "static")
        for path in _files(root.glob(f"plugins/{slug}/{kind}/**/*"))
        if path.relative_to(root / "plugins" / slug / kind).parts[0] != slug
    ]


def themes_hold_no_python(root: Path) -> list[str]:
    """A theme cannot run code."""
    return [f"{path.relative_to(root)}: Python in a theme" for path in sorted(root.glob("themes/**/*.py*"))]


def plugins_folder_holds_only_plugins(root: Path) -> list[str]:
    """Whatever stands in `plugins/` is a plugin with a manifest."""
    return [
        f"{path.relative_to(root)}: neither a plugin with apps.py nor plugins/__init__.py"
        for path in sorted(root.glob("plugins/*"))
        if path.name not in {"__init__.py", "__pycache__"} and not (path / "apps.py").is_file()
    ]


def early_modules_import_no_models(root: Path) -> list[str]:
    """`blocks.py` and `apps.py` are read while models are still loading; functions in `apps.py` run later."""
    found = []
    for name, statements in (("blocks", _imports), ("apps", _imports_at_module_level)):
        for path in _python(root, f"**/{name}.py", f"**/{name}/**/*.py"):
            for line, module in statements(ast.parse(path.read_text(encoding="utf-8"))):
                if "models" in module.split(".") and not module.startswith("django."):
                    found.append(f"{path.relative_to(root)}:{line}: imports {module}")
    return found


def migrations_have_names(root: Path) -> list[str]:
    """`0007_auto_20260401_1200` tells the reader nothing."""
    return [
        f"{path.relative_to(root)}: name the migration after what it does"
        for path in _python(root, "**/migrations/*.py")
        if "_auto_" in path.name
    ]


def templates_hold_no_inline_code(root: Path) -> list[str]:
    """A strict Content-Security-Policy forbids inline script and style; text from people is always escaped."""
    return [
        f"{path.relative_to(root)}:{number}: {match.group().strip()}"
        for path in _files(
            found for room in ("cms", "plugins", "themes") for found in root.glob(f"{room}/**/templates/**/*.html")
        )
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in INLINE_CODE.finditer(line)
    ]


def exceptions_have_reasons(root: Path) -> list[str]:
    """A `noqa` or `type: ignore` names its code and says why."""
    found = []
    for path in _python(root, "**/*.py"):
        with tokenize.open(path) as source:
            comments = [token for token in tokenize.generate_tokens(source.readline) if token.type == tokenize.COMMENT]
        found += [
            f"{path.relative_to(root)}:{token.start[0]}: {token.string}"
            for token in comments
            if SILENCED.search(token.string) and not SILENCED_WITH_REASON.search(token.string)
        ]
    return found


INLINE_CODE = re.compile(
    r"""<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=["']|\son[a-z]+=["']|\|\s*safe\b|{%\s*autoescape\s+off""",
    re.IGNORECASE,
)
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore)")
SILENCED_WITH_REASON = re.compile(r"#\s*(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\])\W+\w+")
TEXT_SUFFIXES = {".html", ".txt", ".xml", ".js", ".css"}


def _reference_pattern(slugs: list[str]) -> re.Pattern[str]:
    """Match what refers to a plugin: its slug alone, `slug.Model`, `plugins.slug`, `slug:url`, `slug/template`."""
    names = "|".join(map(re.escape, slugs))
    return re.compile(
        rf"\bplugins[./](?:{names})\b|\A/?(?:{names})/?\Z|\A(?:{names})\.[A-Za-z_]+\Z|(?<![\w/.-])(?:{names})[:/][\w.-]"
    )


def _references(root: Path, paths: Iterator[Path] | list[Path], slugs: list[str]) -> Iterator[str]:
    if not slugs:
        return
    pattern = _reference_pattern(slugs)
    for path in _files(paths):
        for line, text in _texts(path):
            if match := pattern.search(text):
                yield f"{path.relative_to(root)}:{line}: names a plugin in {match.group()!r}"


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a Python module, the string arguments of a template, the lines of other text."""
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value
    elif path.suffix in TEXT_SUFFIXES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for quoted in re.findall(r""""([^"]*)"|'([^']*)'""", line):
                yield number, "".join(quoted)


def _theme_files_outside_plugin_folders(root: Path, slugs: list[str]) -> Iterator[Path]:
    """A theme may override a plugin's template, below the plugin's slug only."""
    for path in root.glob("themes/*/templates/**/*"):
        if path.relative_to(root).parts[3] not in slugs:
            yield path


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        yield from _imported(node)


def _imports_at_module_level(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in tree.body:
        yield from _imported(node)


def _imported(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield node.lineno, ".".join(filter(None, [node.module, alias.name]))


def _python(root: Path, *patterns: str) -> list[Path]:
    return _files(
        path for room in ("cms", "plugins") for pattern in patterns for path in root.glob(f"{room}/{pattern}")
    )


def _files(paths: Iterator[Path] | list[Path]) -> list[Path]:
    return sorted({path for path in paths if path.is_file() and "__pycache__" not in path.parts})


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        core_names_no_plugin,
        plugins_name_no_other_plugin,
        plugin_templates_stay_in_their_folder,
        themes_hold_no_python,
        plugins_folder_holds_only_plugins,
        early_modules_import_no_models,
        migrations_have_names,
        templates_hold_no_inline_code,
        exceptions_have_reasons,
    )
}
