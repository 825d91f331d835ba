"""An administrator switches a plugin with the keyboard alone, and visitors see it at once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.demo_process import RunningDemo, prepared_copy

SETTINGS = "tests.dummy_plugin.server_settings"
PLUGINS = "/admin/plugins/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def site_with_plugin(shared_folder, tmp_path_factory):
    """The sample site with the dummy plugin installed."""
    data = prepared_copy(shared_folder, tmp_path_factory.mktemp("switchboard") / "site")
    site = RunningDemo(data, DJANGO_SETTINGS_MODULE=SETTINGS)
    site.wait_until_up()
    yield site
    assert site.stop() == 0


@pytest.fixture
def visitor(browser: Browser, site_with_plugin: RunningDemo):
    """Somebody on that site."""
    visit = Visit(browser, site_with_plugin.url)
    yield visit
    visit.context.close()
    assert visit.wrong == []


def press(page: Page, selector: str) -> None:
    """Go to an element with Tab alone and press Enter; fail where Tab never gets there."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab never reaches {selector}.")


def violations(page: Page) -> list[str]:
    """What axe finds on the part of the page that is ours."""
    found = Axe().run(page, context=".switchboard", options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def test_switching_works_with_the_keyboard_alone(visitor: Visit, login) -> None:
    page = visitor.page()
    login(page, "admin")
    page.goto(PLUGINS)
    state = page.locator("tr", has=page.locator("a[href*='/dummy/']")).locator(".switchboard__state")
    expect(state).to_have_text("有効")

    press(page, "a[href$='/dummy/disable/']")
    expect(page.get_by_role("heading", name="「Dummy」を無効にしますか")).to_be_visible()
    press(page, ".switchboard__form button")

    expect(state).to_have_text("無効")
    assert visitor.context.request.get("/dummy/").status == 404
    press(page, "a[href$='/dummy/enable/']")
    expect(page.get_by_role("heading", name="「Dummy」を有効にしますか")).to_be_visible()
    press(page, ".switchboard__form button")
    expect(state).to_have_text("有効")
    assert visitor.context.request.get("/dummy/").status == 200


@pytest.mark.parametrize("path", ["", "dummy/", "dummy/disable/", "dummy/enable/"])
def test_every_page_of_it_is_accessible(visitor: Visit, login, path: str) -> None:
    page = visitor.page()
    login(page, "admin")

    page.goto(PLUGINS + path)

    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_the_window(visitor: Visit, login, width: int) -> None:
    page = visitor.page()
    login(page, "admin")
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(PLUGINS)

    assert page.evaluate("document.querySelector('.switchboard').scrollWidth") <= width
