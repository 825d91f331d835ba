"""Contrast of every theme, from its style sheets: what each role is painted on, in both schemes and on paper.

The browser tests see only what the sample site shows; this sees each pair that a page or a plugin may come to show.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from cms.theming.themes import Theme, installed_themes, load_theme, using_theme

TEXT, EDGE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
SHEETS = ["surface", "surface-muted", "surface-raised"]
TEXTS = {
    **dict.fromkeys(["text-muted", "link-hover", "link-visited", "accent"], SHEETS),
    "accent-strong": [*SHEETS, "accent-soft"],
    "text": [*SHEETS, "accent-soft", "success-soft", "warning-soft", "danger-soft", "neutral-soft"],
    "success": ["surface", "surface-raised", "success-soft"],
    "warning": ["surface", "surface-raised", "warning-soft"],
    "danger": [*SHEETS, "danger-soft"],
    "link": [*SHEETS, "accent-soft", "warning-soft", "danger-soft"],
    "on-accent": ["accent", "accent-strong"],
    "on-danger": ["danger"],
}
EDGES = {"edge": SHEETS, "accent": SHEETS, "danger": SHEETS, "warning": SHEETS, "success": SHEETS}
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
PAINTS = re.compile(r"(?:^|;)\s*(background(?:-color)?|color)\s*:\s*([^;]+)")
THEMES = [theme.name for theme in installed_themes()]
SCHEMES = ["light", "dark", "print"]


@pytest.fixture(params=[(name, scheme) for name in THEMES for scheme in SCHEMES], ids="-".join)
def roles(request: pytest.FixtureRequest) -> dict[str, str]:
    """What each custom property is in one theme and scheme."""
    name, scheme = request.param
    return properties(load_theme(name), scheme)


def test_there_is_more_than_one_theme() -> None:
    assert {"standard", "kairanban"} <= set(THEMES)


def test_words_stand_out_from_what_they_are_written_on(roles: dict[str, str]) -> None:
    assert too_faint(roles, TEXTS, TEXT) == []


def test_edges_of_controls_stand_out(roles: dict[str, str]) -> None:
    assert too_faint(roles, EDGES, EDGE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", THEMES)
def test_rule_that_sets_both_colours_sets_two_that_can_be_read(name: str, scheme: str) -> None:
    """Whatever roles a theme has of its own: a rule with a background and a colour says a pair."""
    theme = load_theme(name)
    roles = properties(theme, scheme)
    faint = [f"{selector}: {ratio(*pair):.2f}" for selector, pair in painted_pairs(theme, roles) if ratio(*pair) < TEXT]

    assert faint == []


@pytest.mark.parametrize("name", THEMES)
def test_mail_of_the_theme_can_be_read(name: str) -> None:
    with using_theme(name):
        css = render_to_string("mail/mail.css")
    painted: dict[str, dict[str, str]] = {}
    for selectors, paints in rules(css):
        for selector in selectors.split(","):
            painted.setdefault(selector.strip(), {}).update(paints)
    sheet, ink = painted[".mail__sheet"]["background"], painted["body"]["color"]
    pairs = [(paints.get("color", ink), paints.get("background", sheet)) for paints in painted.values()]

    assert len(pairs) > 5
    assert min(ratio(*pair) for pair in pairs) >= TEXT


def test_measure_is_that_of_wcag_and_finds_a_planted_fault() -> None:
    assert round(ratio("#777777", "#ffffff"), 2) == 4.48
    assert ratio("#000", "#ffffff") == pytest.approx(21)
    assert too_faint({"text": "#777777", "surface": "#ffffff"}, {"text": ["surface"]}, TEXT) == [
        "--text on --surface: 4.48"
    ]


def too_faint(roles: Mapping[str, str], pairs: Mapping[str, list[str]], least: float) -> list[str]:
    return [
        f"--{ink} on --{sheet}: {found:.2f}"
        for ink, sheets in pairs.items()
        for sheet in sheets
        if (found := ratio(roles[ink], roles[sheet])) < least
    ]


def properties(theme: Theme, scheme: str) -> dict[str, str]:
    """Return the custom properties of a scheme, colours resolved, as the browser reads the sheets in their order."""
    found: dict[str, str] = {}
    for css in sheets(theme, on_paper=scheme == "print"):
        dark = "".join(block for block in media_blocks(css, "prefers-color-scheme: dark"))
        plain = css.replace(dark, "") if dark else css
        for part in [plain, dark] if scheme == "dark" else [plain]:
            for selector, body in RULE.findall(part):
                if selector.strip().endswith(":root"):
                    found.update(re.findall(r"--([\w-]+)\s*:\s*([^;]+);", body))
    return {name: resolved(value.strip(), found) for name, value in found.items()}


def sheets(theme: Theme, *, on_paper: bool) -> Iterator[str]:
    """Yield the theme's sheets and its ancestors', nearest file of each name, without comments."""
    chain = tuple(reversed(theme.chain))
    names = [path for ancestor in chain for path in ancestor.stylesheets]
    names += [path for ancestor in chain for path in ancestor.print_stylesheets] if on_paper else []
    for path in dict.fromkeys(names):
        _themes, folder, file = theme.static_path(path).split("/", 2)
        css = Path(settings.THEMES_DIR, folder, "static", file).read_text(encoding="utf-8")
        yield re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def media_blocks(css: str, query: str) -> Iterator[str]:
    """Yield what stands inside each @media of this query; a rule inside has no braces of its own."""
    yield from re.findall(rf"@media[^{{]*{query}\)\s*\{{((?:[^{{}}]*\{{[^{{}}]*\}})*)", css)


def rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    for selector, body in RULE.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        paints = {name.removesuffix("-color"): value.strip() for name, value in PAINTS.findall(body)}
        if paints:
            yield selector.strip(), paints


def painted_pairs(theme: Theme, roles: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for css in sheets(theme, on_paper=False):
        for selector, paints in rules(css):
            values = {name: colour_in(value, roles) for name, value in paints.items()}
            if values.get("color") and values.get("background"):
                yield selector, (values["color"], values["background"])


def colour_in(value: str, roles: Mapping[str, str]) -> str:
    """Return the colour that a declaration names, empty where it names none or one that only the rule itself knows."""
    for word in value.split():
        used = re.fullmatch(r"var\(--([\w-]+)\)", word)
        known = roles.get(used[1], "") if used else word
        if re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", known, re.IGNORECASE):
            return known
    return ""


def resolved(value: str, found: Mapping[str, str]) -> str:
    used = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return resolved(found[used[1]].strip(), found) if used else value


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
