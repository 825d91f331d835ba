"""Pages for errors: in the theme, in the reader's language, with the next step."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.test import Client, RequestFactory

from cms.site.views import errors
from tests.factories.accounts import UserFactory
from tests.factories.pages import home_page


def in_english(request: HttpRequest) -> HttpRequest:
    request.COOKIES["kairan_language"] = "en"
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("ja", "ページが見つかりません"), ("en", "This page was not found")])
def test_missing_page_says_so_in_the_readers_language(client: Client, language: str, title: str) -> None:
    home_page()
    client.cookies["kairan_language"] = language

    response = client.get("/nowhere/")

    html = response.content.decode()
    assert response.status_code == 404
    assert f"<h1>{title}</h1>" in html
    assert '<a href="/">' in html


@pytest.mark.django_db
def test_refusal_shows_the_views_own_sentence_escaped(rf: RequestFactory) -> None:
    response = errors.permission_denied(rf.get("/"), PermissionDenied("事務局の方のみ <b>"))

    assert response.status_code == 403
    assert "事務局の方のみ &lt;b&gt;" in response.content.decode()


@pytest.mark.django_db
def test_refusal_offers_a_visitor_to_log_in_and_tells_a_person_whom_to_ask(rf: RequestFactory) -> None:
    visitor = errors.permission_denied(rf.get("/x/"), PermissionDenied()).content.decode()
    request = rf.get("/x/")
    request.COOKIES["sessionid"] = "abc"
    request.user = UserFactory(last_name="田中")
    person = errors.permission_denied(request, PermissionDenied()).content.decode()

    assert "/accounts/login/?next=/x/" in visitor
    assert "田中" in person
    assert "事務局" in person


@pytest.mark.django_db
def test_form_without_token_says_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})

    assert response.status_code == 403
    assert "もう一度送信してください" in response.content.decode()
    assert "CSRF check failed at /accounts/login/" in caplog.text


def test_server_error_asks_no_database(rf: RequestFactory) -> None:
    """This test has no database: a query would fail it."""
    japanese = errors.server_error(rf.get("/"))
    english = errors.server_error(in_english(rf.get("/")))

    assert japanese.status_code == 500
    assert "サイトでエラーが発生しました" in japanese.content.decode()
    assert "Something went wrong on our side" in english.content.decode()
    assert '<html lang="en">' in english.content.decode()


def test_server_error_survives_a_broken_theme(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(template: str) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)

    assert errors.server_error(rf.get("/")).content == b"<h1>500</h1>"


def test_unreadable_request_is_answered_without_the_frame(rf: RequestFactory) -> None:
    response = errors.bad_request(rf.get("/"), SuspiciousOperation("secret detail"))

    assert response.status_code == 400
    assert "要求を読み取れませんでした" in response.content.decode()
    assert "secret detail" not in response.content.decode()


@pytest.mark.django_db
def test_throttled_person_learns_how_long_to_wait(rf: RequestFactory) -> None:
    from django.template.loader import render_to_string

    from cms.mail.services.codes import FAILURE_WINDOW

    html = render_to_string("429.html", {}, rf.get("/accounts/login/"))

    assert f"{FAILURE_WINDOW.seconds // 60}分ほど" in html
