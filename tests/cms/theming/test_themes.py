"""Themes: how they are found and inherited, and what is said of broken ones."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django import forms
from django.conf import LazySettings, settings
from django.core import checks
from django.template import engines
from django.template.loader import render_to_string

from cms.plugin_api.models import SiteState
from cms.theming import themes
from cms.theming.templatetags.theming import theme_static, theme_stylesheets
from cms.theming.themes import ThemeError, active_theme, load_theme, using_theme

MakeTheme = Callable[..., Path]


@pytest.fixture
def make_theme(settings: LazySettings, tmp_path: Path) -> MakeTheme:
    """Write a theme into a folder of themes that has the standard one too."""
    standard = settings.THEMES_DIR / "standard"
    settings.THEMES_DIR = tmp_path
    (tmp_path / "standard").symlink_to(standard)

    def make(name: str, toml: str = "", **files: str) -> Path:
        folder = tmp_path / name
        (folder / "templates" / "components").mkdir(parents=True)
        (folder / "static").mkdir()
        heading = f'name = "{name}"\n'
        (folder / "theme.toml").write_text(heading + toml + '\n[title]\nja = "海"\nen = "Sea"\n', encoding="utf-8")
        for path, text in files.items():
            (folder / path.replace("__", "/").replace("_css", ".css").replace("_html", ".html")).write_text(text)
        return folder

    return make


def test_standard_theme_has_both_titles_and_every_sheet() -> None:
    theme = load_theme("standard")

    assert theme.titles == {"ja": "標準", "en": "Standard"}
    assert theme.parent is None
    assert [theme.static_path(sheet) for sheet in theme.stylesheets][:2] == [
        "themes/standard/css/tokens.css",
        "themes/standard/css/roles.css",
    ]


def test_guide_for_authors_names_every_role() -> None:
    """A role that a component uses and no author knows of would keep the parent's colour."""
    roles = (settings.THEMES_DIR / "standard/static/css/roles.css").read_text(encoding="utf-8")
    guide = (settings.THEMES_DIR.parent / "docs/themes.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^ +(--[\w-]+):", roles, re.MULTILINE))

    assert len(named) > 20
    said = set(re.findall(r"`(--[\w-]+)`", guide))
    assert {role for role in named if said.isdisjoint({role, role.removesuffix("-soft")})} == set()


def test_child_takes_from_its_ancestors_what_it_lacks(make_theme: MakeTheme) -> None:
    make_theme("sea", 'stylesheets = ["sea.css"]', static__sea_css="")
    make_theme("deep", 'parent = "sea"', templates__components__chip_html="deep {{ text }}")

    with using_theme("deep"):
        sheets = [sheet.url for sheet in theme_stylesheets()]
        assert [theme.name for theme in active_theme().chain] == ["deep", "sea", "standard"]
        assert render_to_string("components/chip.html", {"text": "x"}) == "deep x"
        assert "empty__title" in render_to_string("components/empty.html", {"title": "x"})
        assert theme_static("images/mark.svg") == "/static/themes/standard/images/mark.svg"
        assert active_theme().colour("light") == "#ffffff"
    assert sheets[0].endswith("/standard/css/tokens.css")
    assert sheets[-2:] == ["/static/themes/sea/sea.css", "/static/themes/standard/css/print.css"]


def test_theme_overrides_template_of_a_plugin(make_theme: MakeTheme) -> None:
    folder = make_theme("sea")
    (folder / "templates" / "dummy").mkdir()
    (folder / "templates" / "dummy" / "x.html").write_text("from the theme")

    with using_theme("sea"):
        assert render_to_string("dummy/x.html") == "from the theme"


@pytest.mark.django_db
def test_change_of_theme_is_seen_at_once_by_compiled_templates(make_theme: MakeTheme) -> None:
    """What another process wrote into the state must hold here, where the templates are compiled already."""
    make_theme("sea", templates__components__chip_html="sea {{ text }}")
    assert "chip--neutral" in render_to_string("components/chip.html", {"text": "x"})

    SiteState.objects.get_or_create(pk=1)
    SiteState.objects.filter(pk=1).update(theme="sea")
    assert render_to_string("components/chip.html", {"text": "x"}) == "sea x"

    SiteState.objects.filter(pk=1).update(theme="")
    assert "chip--neutral" in render_to_string("components/chip.html", {"text": "x"})


@pytest.mark.django_db
def test_chosen_theme_that_was_removed_gives_way_to_the_deployments(
    make_theme: MakeTheme, settings: LazySettings
) -> None:
    make_theme("sea")
    settings.CMS_THEME = "sea"
    SiteState.objects.update_or_create(pk=1, defaults={"theme": "gone"})

    assert active_theme().name == "sea"


def test_database_that_does_not_answer_gives_the_deployments_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def dead() -> None:
        raise OperationalError

    monkeypatch.setattr(themes, "site_state", dead)

    assert active_theme().name == "standard"


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("parent = 3", "“parent” must be the name of a theme"),
        ('parent = "nowhere"', "There is no theme “nowhere”; the installed themes are: broken, standard."),
        ('parent = "broken"', "The themes broken → broken are each other's parents."),
        ('colour = "red"', "“colour” is not a known entry"),
        ('summary = {ja = "青い"}', "“summary” lacks the language “en”"),
        ("stylesheets = [1]", "“stylesheets” must be a list of paths"),
        ('stylesheets = ["gone.css"]', "have no static file “gone.css”"),
        ("a = b", "themes/broken/theme.toml cannot be read"),
    ],
)
def test_broken_theme_is_named_in_one_sentence_at_start(make_theme: MakeTheme, toml: str, sentence: str) -> None:
    make_theme("broken", toml)

    (message,) = _theming_messages()

    assert message.id == "theming.E002"
    assert sentence in message.msg


def test_unknown_theme_is_named_in_one_sentence_at_start(settings: LazySettings) -> None:
    settings.CMS_THEME = "blue"

    (message,) = _theming_messages()

    assert message.id == "theming.E001"
    assert message.msg == "CMS_THEME: There is no theme “blue”; the installed themes are: kairanban, standard."


def test_name_that_leads_out_of_the_folder_is_no_theme() -> None:
    with pytest.raises(ThemeError):
        load_theme("../cms")


def test_loader_tells_the_reloader_where_templates_are(db: None) -> None:
    (loader,) = engines["django"].engine.template_loaders

    assert load_theme("standard").template_dirs[0] in list(loader.get_dirs())


def _theming_messages() -> list[checks.CheckMessage]:
    return [message for message in checks.run_checks() if (message.id or "").startswith("theming.")]


def test_hint_of_a_box_to_tick_stands_below_it() -> None:
    """Above it, the hint would be read as one of the field before."""

    class Form(forms.Form):
        listed = forms.BooleanField(label="載せる", help_text="会員に見えます", required=False)

    html = render_to_string("components/field.html", {"field": Form()["listed"]})

    assert html.index("載せる") < html.index("会員に見えます")
    assert "任意" not in html


def test_summary_of_errors_is_punctuated_as_its_language_is() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="氏名")

    assert "氏名：この項目は必須です" in render_to_string("components/error_summary.html", {"form": Form({})})
