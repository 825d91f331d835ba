"""The admin needs no server but its own: `Visit` fails a test in which a browser asks for anything else."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visit, place_of
from tests.demo_process import RunningDemo


def test_visit_notices_what_is_asked_outside(browser: Browser, demo_site: RunningDemo) -> None:
    visit = Visit(browser, demo_site.url)
    page = visit.page()
    page.goto("/")
    page.evaluate("() => { new Image().src = 'http://outside.example/x.png' }")
    page.wait_for_timeout(500)
    visit.context.close()
    assert any("http://outside.example/x.png" in wrong for wrong in visit.wrong)


@pytest.mark.parametrize("username", ["editor", "admin"])
def test_every_entry_of_the_menu_asks_nothing_outside(somebody: Callable[..., Page], username: str) -> None:
    person = somebody(username)
    menu = person.goto("/admin/").text()
    addresses = sorted(set(re.findall(r'"url": ?"(/admin/[^"?#]*)"', menu)))
    assert "/admin/images/" in addresses

    for address in [*addresses, f"/admin/pages/{place_of(person, '/about/')}/edit/", "/admin/documents/multiple/add/"]:
        answer = person.goto(address)
        assert answer.status == 200, address
