"""What Wagtail would ask of servers elsewhere is not asked."""

import socket
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_embed_from_another_server_is_refused_without_asking_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def getaddrinfo(*args: Any, **kwargs: Any) -> Any:
        asked.append(args)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    client.force_login(UserFactory(is_superuser=True))

    sent = {"embed-chooser-url": "https://www.youtube.com/watch?v=x"}
    answer = client.post(reverse("wagtailembeds:chooser_upload"), sent)

    assert asked == []
    assert answer.status_code == 200
    assert "このアドレスの内容は埋め込めません。" in answer.json()["html"]
