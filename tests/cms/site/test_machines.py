"""What search engines, security researchers and monitoring ask for, and the headers of every answer."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from cms.site.checks import check_security_contact
from tests.factories.accounts import UserFactory
from tests.factories.pages import home_page


def test_robots_keeps_crawlers_off_and_names_the_sitemap(db: None, client: Client, settings: LazySettings) -> None:
    settings.BASE_URL = "https://www.example.jp"

    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /search/",
        "",
        "Sitemap: https://www.example.jp/sitemap.xml",
    ]


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("security@example.jp", "mailto:security@example.jp"),
        ("https://www.example.jp/security/", "https://www.example.jp/security/"),
    ],
)
def test_security_txt_has_what_rfc_9116_requires(
    db: None, client: Client, settings: LazySettings, contact: str, uri: str
) -> None:
    settings.SECURITY_CONTACT = contact
    settings.BASE_URL = "https://www.example.jp"

    fields = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())

    expires = datetime.fromisoformat(fields["Expires"])
    assert fields["Contact"] == uri
    assert timezone.now() + timedelta(days=30) < expires < timezone.now() + timedelta(days=365)
    assert fields["Canonical"] == "https://www.example.jp/.well-known/security.txt"


@pytest.mark.parametrize(
    "contact", ["", "a@example.jp", "mailto:a@example.jp", "https://example.jp/s", "tel:+81-3-0000"]
)
def test_contact_that_security_txt_may_name_is_accepted(settings: LazySettings, contact: str) -> None:
    settings.SECURITY_CONTACT = contact

    assert check_security_contact() == []


@pytest.mark.parametrize(
    "contact", ["secretariat", "http://example.jp/", "javascript:x@example.jp", "a@b\nContact: c@d"]
)
def test_other_contact_is_named_in_one_sentence_at_start(settings: LazySettings, contact: str) -> None:
    settings.SECURITY_CONTACT = contact

    (message,) = check_security_contact()

    assert message.id == "site.E001"
    assert message.msg.startswith("SECURITY_CONTACT is")


def test_security_txt_invents_no_contact(db: None, client: Client) -> None:
    home_page()

    assert client.get("/.well-known/security.txt").status_code == 404


def test_health_asks_nothing(client: Client) -> None:
    """This test has no database: a query would fail it."""
    assert client.get("/healthz").content == b"ok\n"


def policy(client: Client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict(directive.strip().split(" ", 1) for directive in header.split(";"))


def test_public_page_allows_no_inline_code_and_nobody_elses(db: None, client: Client) -> None:
    home_page()

    public = policy(client, "/")

    assert public["default-src"] == "'none'"
    assert public["script-src"] == "'self'"
    assert public["style-src"] == "'self'"
    assert public["form-action"] == "'self'"
    assert not {word for value in public.values() for word in value.split()} - {"'none'", "'self'", "data:"}


def test_admin_has_a_policy_of_its_own(db: None, client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))

    assert "'unsafe-inline'" in policy(client, "/admin/")["script-src"]
    assert "'unsafe-inline'" not in policy(client, "/accounts/logout/")["script-src"]


def test_page_found_missing_and_admin_send_the_other_headers(db: None, client: Client) -> None:
    home_page()

    for path in ("/", "/nowhere/", "/admin/"):
        response = client.get(path)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "camera=()" in response["Permissions-Policy"]
