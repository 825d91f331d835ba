"""A real browser on a real site: the demo's own processes, and a page that notices what a person would not.

Every test fails where the browser reports an error (a script that raised, a breach of the Content-Security-Policy) or
wants something from outside: the site must work where there is no outside.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect, sync_playwright

from cms.accounts.demo import DEMO_PASSWORD
from tests.conftest import chromium_path
from tests.demo_process import RunningDemo, prepared_copy

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
AUTOSAVE = "status of 400"
"""Among the errors of a browser: what a form can't save by itself, yet or any longer, is refused, rightly."""
CHECKED = "axe.run results"
"""Among the errors of a browser: what Wagtail's checks have found in a page, which their panel shows."""
TIMEOUT = 20_000
"""Milliseconds that a page may take; the machine that runs the tests is often busy."""


@pytest.fixture(scope="session")
def demo_site(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """The sample site, running; one a worker. What a test changes there, it changes back."""
    site = RunningDemo(prepared_copy(shared_folder, tmp_path_factory.mktemp("browser") / "site"))
    site.wait_until_up()
    yield site
    assert site.stop() == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; for one module only, because Django refuses the database while its event loop runs."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()


class Visit:
    """Pages of one visitor, and what went wrong on them."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.wrong: list[str] = []
        self.allowed: set[str] = {CHECKED}
        self._host = urlsplit(base_url).netloc
        self.context = browser.new_context(base_url=base_url, locale="ja-JP", viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(TIMEOUT)
        self.context.route(self._is_outside, self._refuse)

    def page(self) -> Page:
        """Open a tab."""
        page = self.context.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        return page

    def _is_outside(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.netloc != self._host

    def _refuse(self, route: Route, request: Request) -> None:
        self.wrong.append(f"asked outside: {request.url}")
        route.abort()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in self.allowed):
            self.wrong.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture
def visit(browser: Browser, demo_site: RunningDemo) -> Iterator[Visit]:
    """One visitor with cookies of their own. `visit.allowed` takes words of errors that a test expects."""
    visitor = Visit(browser, demo_site.url)
    yield visitor
    visitor.context.close()
    assert visitor.wrong == []


@pytest.fixture
def somebody(browser: Browser, demo_site: RunningDemo) -> Iterator[Callable[..., Page]]:
    """Open a tab of another person: `somebody("editor")`, or `somebody()` who has not logged in.

    `allowed` takes words of errors that the test expects of them.
    """
    visits = []

    def arrive(username: str = "", allowed: str = "") -> Page:
        visits.append(Visit(browser, demo_site.url))
        visits[-1].allowed.update(filter(None, [allowed]))
        page = visits[-1].page()
        if username:
            log_in(page, username)
        return page

    yield arrive
    for one in visits:
        one.context.close()
    assert [wrong for one in visits for wrong in one.wrong] == []


@pytest.fixture
def draft(somebody: Callable[..., Page]) -> Iterator[tuple[Page, str]]:
    """An editor in the form of a new draft of news, and the form's address; deleted afterwards."""
    editor = somebody("editor", allowed=AUTOSAVE)
    editor.goto(f"/admin/pages/add/pages/newspage/{place_of(editor, '/news/')}/")
    editor.locator("#id_title").fill("見本：編集の試し")
    add_part(editor, "見出し")
    editor.locator("[name=body-0-value]").fill("会員の状況")
    editor.get_by_role("tab", name="検索・公開設定").click()
    editor.locator("#id_slug").fill("editing-sample")
    editor.get_by_role("tab", name="内容").click()
    press_save(editor)
    editor.wait_for_url(re.compile("/edit/"))
    address = re.search(r"/admin/pages/\d+/edit/", editor.url)[0]
    yield editor, address
    editor.goto(address.replace("/edit/", "/delete/"))
    press(editor, "form[action*='/delete/'] [type=submit]")


@pytest.fixture
def page(visit: Visit) -> Page:
    """A tab of a visitor who has not logged in."""
    return visit.page()


@pytest.fixture
def login() -> Callable[[Page, str], None]:
    """Log in through the form, as a person does: `login(page, "editor")`."""
    return log_in


def press(page: Page, button: str) -> None:
    """Press a button that may stand in a closed menu, and wait for the page after it."""
    with page.expect_navigation(wait_until="load"):
        page.locator(button).first.evaluate("button => button.click()")


def press_save(page: Page) -> None:
    """Save by the button, and wait until it is done."""
    page.get_by_role("button", name="下書きを保存").first.click()
    expect(page.locator(".messages .success").first).to_be_visible()


def add_part(page: Page, name: str) -> None:
    """Add a part to an empty body."""
    page.locator("button.c-sf-add-button").first.click()
    page.get_by_role("option", name=name, exact=True).click()


def place_of(page: Page, address: str) -> str:
    """Return the number of a page in the admin, which Wagtail's bar names to its editors."""
    return re.search(r"/admin/pages/(\d+)/edit/", page.goto(address).text())[1]


def log_in(page: Page, username: str) -> None:
    """Fill in the form and wait for the page after it."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
