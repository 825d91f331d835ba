"""Codes of eight characters that are printed in a mail and typed at /code/."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.mail.conf import code_purposes
from cms.mail.models import Code, CodeFailure

if TYPE_CHECKING:
    from cms.accounts.models import User

ALPHABET = "346789ACDEFGHJKMNPQRTWXY"
"""No 0 O, 1 I L, 2 Z, 5 S, B (8), U V: nothing that looks like something else on paper. 24⁸ is 110 thousand million."""
LENGTH = 8

FAILURES_ALLOWED = 10
"""Wrong codes from one address within the window. A prefecture's municipalities share one exit, hence not three."""
FAILURES_ALLOWED_IN_ALL = 200
"""Wrong codes from everywhere: at this rate a guesser with a thousand addresses needs centuries for one live code."""
FAILURE_WINDOW = dt.timedelta(minutes=10)


class CodeThrottledError(Exception):
    """Too many wrong codes lately; the message tells nothing about any code."""


class CodeRefusedError(Exception):
    """No such code, or it has been used, or has run out."""


def code_url() -> str:
    """Return the address that is printed beside a code."""
    return f"{settings.BASE_URL}/code/"


def code_create(
    *,
    purpose: str,
    person: User | None = None,
    payload: Mapping[str, Any] | None = None,
    lifetime: dt.timedelta | None = None,
) -> tuple[Code, str]:
    """Make a code and return it with the words to print, "ACDE-F346". Only a digest is kept.

    It lives as long as its purpose says. Raises `KeyError` for a purpose that no installed app declares.
    """
    declared = code_purposes()[purpose]
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    code = Code.objects.create(
        purpose=purpose,
        digest=code_digest(text),
        person=person,
        payload=dict(payload or {}),
        expires_at=timezone.now() + (lifetime or declared.lifetime),
    )
    return code, f"{text[:4]}-{text[4:]}"


def code_find(*, text: str, origin: str) -> Code:
    """Return the code that somebody typed, using nothing up. Raises `CodeThrottledError`, `CodeRefusedError`."""
    now = timezone.now()
    lately = CodeFailure.objects.filter(at__gt=now - FAILURE_WINDOW)
    if lately.filter(origin=origin).count() >= FAILURES_ALLOWED or lately.count() >= FAILURES_ALLOWED_IN_ALL:
        raise CodeThrottledError
    code = Code.objects.usable(now).filter(digest=code_digest(text), purpose__in=code_purposes()).first()
    if code is None:
        CodeFailure.objects.create(origin=origin, at=now)
        raise CodeRefusedError
    return code


@transaction.atomic
def code_use(*, pk: int, purpose: str) -> Code:
    """Use a code up, in the transaction of what it allows. Of several at once one wins; others `CodeRefusedError`."""
    now = timezone.now()
    if not Code.objects.usable(now).filter(pk=pk, purpose=purpose).update(used_at=now):
        raise CodeRefusedError
    return Code.objects.get(pk=pk)


def code_digest(text: str) -> str:
    """Return what is kept of a code: keyed, so that a stolen database opens nothing."""
    return salted_hmac("cms.mail.code", code_normalise(text), algorithm="sha256").hexdigest()


def code_normalise(text: str) -> str:
    """Return the bare characters of what was typed: full width, small letters, spaces and hyphens don't matter."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in plain if character.isalnum())
