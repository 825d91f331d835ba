"""The language switch: a POST without a token from a page of ours, remembered in our own cookie."""

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.pages import home_page

pytestmark = pytest.mark.django_db
HERE = {"origin": "http://testserver"}


@pytest.fixture
def client() -> Client:
    """Checks CSRF, as browsers meet it."""
    return Client(enforce_csrf_checks=True)


def switch(client: Client, language: str = "en", next_: str = "/", headers: dict[str, str] | None = None):
    return client.post(
        "/language/", {"language": language, "next": next_}, headers=HERE if headers is None else headers
    )


def test_choice_is_remembered_and_leads_back(client: Client) -> None:
    home_page()

    response = switch(client, next_="/?page=2")

    assert response.status_code == 302
    assert response["Location"] == "/?page=2"
    cookie = response.cookies["kairan_language"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == ("en", 31536000, "Lax", True)
    assert '<html lang="en">' in client.get("/").content.decode()


def test_choice_holds_in_the_admin_too(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))
    japanese = client.get("/admin/", headers={"accept-language": "en"}).content.decode()
    switch(client)
    english = client.get("/admin/", headers={"accept-language": "ja"}).content.decode()

    assert 'lang="ja"' in japanese
    assert 'lang="en"' in english


@pytest.mark.parametrize("accepted", ["en", "fr", "en-US,en;q=0.9"])
def test_browsers_language_chooses_nothing(client: Client, accepted: str) -> None:
    home_page()

    assert '<html lang="ja">' in client.get("/", headers={"accept-language": accepted}).content.decode()


@pytest.mark.parametrize("headers", [{"origin": "http://testserver"}, {"referer": "http://testserver/about/"}])
def test_page_of_ours_may_ask(client: Client, headers: dict[str, str]) -> None:
    assert switch(client, headers=headers).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "https://evil.example", "referer": "http://testserver/"},
        {"referer": "https://evil.example/http://testserver/"},
    ],
)
def test_page_elsewhere_may_not(client: Client, headers: dict[str, str]) -> None:
    response = switch(client, headers=headers)

    assert response.status_code == 403
    assert not response.cookies


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil.example"]
)
def test_way_back_never_leads_elsewhere(client: Client, next_: str) -> None:
    assert switch(client, next_=next_)["Location"] == "/"


@pytest.mark.parametrize("language", ["fr", "", "../en", "ja\r\nSet-Cookie: a=b"])
def test_unknown_language_changes_nothing(client: Client, language: str) -> None:
    response = switch(client, language=language)

    assert response.status_code == 302
    assert not response.cookies


def test_fetching_the_address_changes_nothing(client: Client) -> None:
    assert client.get("/language/", {"language": "en"}, headers=HERE).status_code == 405
