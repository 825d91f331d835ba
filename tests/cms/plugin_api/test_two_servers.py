"""Two servers on one database: a switch thrown in one holds for the next request of the other."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

TOGGLES = 50
SERVER = """
from wsgiref.simple_server import make_server
from cms.wsgi import application
from django.core.management import call_command
call_command("createcachetable", verbosity=0)
server = make_server("127.0.0.1", 0, application)
print(server.server_port, flush=True)
server.serve_forever()
"""


class KeepRedirects(HTTPRedirectHandler):
    """Answers a redirect as it is."""

    def redirect_request(self, *args):
        return None


opener = build_opener(KeepRedirects)


@contextmanager
def server(tmp_path) -> Iterator[str]:
    """Start a server process on the database of this test and yield its address."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.dummy_plugin.server_settings",
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "KAIRAN_DATA": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-c", SERVER]
    with (
        (tmp_path / "server.log").open("a") as log,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def fetch(url: str, *, cookies: dict[str, str] | None = None, form: dict[str, str] | None = None):
    """Return status, cookies and text of an answer."""
    cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    request = Request(url, data=urlencode(form).encode() if form else None, headers={"Cookie": cookie})  # noqa: S310 - our own server
    try:
        answer = opener.open(request, timeout=30)
    except HTTPError as error:
        answer = error
    set_cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
    return answer.status, {name: morsel.value for name, morsel in set_cookies.items()}, answer.read().decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the servers open the test's SQLite file")
@pytest.mark.django_db(transaction=True)
def test_a_switch_in_one_server_holds_for_the_next_request_of_the_other(superuser, dummy_page, tmp_path):
    browser = Client()
    browser.force_login(superuser)
    session = {"sessionid": browser.cookies["sessionid"].value}
    connection.close()

    with server(tmp_path) as first, server(tmp_path) as second:
        stale = []
        for number in range(TOGGLES):
            action, expected = ("disable", 404) if number % 2 == 0 else ("enable", 200)
            switch = f"{first}/admin/plugins/dummy/{action}/"
            status, cookies, page = fetch(switch, cookies=session)
            assert status == 200
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
            status, _cookies, _page = fetch(switch, cookies={**session, **cookies}, form={"csrfmiddlewaretoken": token})
            assert status == 302
            answers = [fetch(second + path)[0] for path in ("/dummy/", "/things/")]
            stale += [(number, answers)] if answers != [expected, expected] else []

    assert stale == []
