"""What a request is configured to be: its language."""

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings


class HasCookies(Protocol):
    """A request, as far as its language goes."""

    @property
    def COOKIES(self) -> Mapping[str, str]: ...  # noqa: N802 - Django's name


def language_of(request: HasCookies) -> str:
    """Return what the person chose, or Japanese; a browser's Accept-Language chooses nothing."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
