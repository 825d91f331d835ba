"""Codes of eight characters that are printed in a mail and typed at /code/."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cms.calendar import format_date
from cms.mail.conf import code_purposes
from cms.mail.models import Code, CodeFailure
from cms.plugin_api.errors import isolated
from cms.plugin_api.registry import owner_of_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

ALPHABET = "346789ACDEFGHJKMNPQRTWXY"
"""No 0 O, 1 I L, 2 Z, 5 S, B (8), U V: nothing that looks like something else on paper. 24⁸ is 110 thousand million."""
LENGTH = 8

FAILURES_ALLOWED = 10
"""Wrong codes from one address within the window. A prefecture's municipalities share one exit, hence not three.
Of IPv6 a whole /64 counts as one: it is what one connection gets."""
FAILURES_ALLOWED_IN_ALL = 200
"""Wrong codes from everywhere, 28,800 a day. Who keeps guessing at this rate, from however many addresses, hits a
single live code after five thousand years on average, and one of 1,238 that live at once after eight; meanwhile nobody
else can enter theirs."""
FAILURE_WINDOW = dt.timedelta(minutes=10)


class CodeThrottledError(Exception):
    """Too many wrong codes lately; the message tells nothing about any code."""


class CodeRefusedError(Exception):
    """No such code, or it has been used, withdrawn, or has run out; the message says which, to be shown."""


def code_url() -> str:
    """Return the address that is printed beside a code."""
    return f"{settings.BASE_URL}/code/"


def code_create(
    *,
    purpose: str,
    person: AbstractUser | None = None,
    payload: Mapping[str, Any] | None = None,
    lifetime: dt.timedelta | None = None,
) -> tuple[Code, str]:
    """Make a code and return it with the words to print, "ACDE-F346". Only a digest is kept.

    It lives as long as its purpose says. Raises `KeyError` for a purpose that no installed app declares.
    """
    return codes_create(purpose=purpose, people=[person], payload=payload, lifetime=lifetime)[0]


def codes_create(
    *,
    purpose: str,
    people: Sequence[AbstractUser | None],
    payload: Mapping[str, Any] | None = None,
    lifetime: dt.timedelta | None = None,
) -> list[tuple[Code, str]]:
    """Make a code for each, in their order and in one query for 500, as `code_create` does for one."""
    expires_at = timezone.now() + (lifetime or code_purposes()[purpose].lifetime)
    texts = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _person in people]
    codes = [
        Code(
            purpose=purpose,
            digest=code_digest(text),
            person_id=person.pk if person else None,
            payload=dict(payload or {}),
            expires_at=expires_at,
        )
        for person, text in zip(people, texts, strict=True)
    ]
    Code.objects.bulk_create(codes, batch_size=500)
    return [(code, f"{text[:4]}-{text[4:]}") for code, text in zip(codes, texts, strict=True)]


def code_find(*, text: str, origin: str) -> Code:
    """Return the code that somebody typed, using nothing up; `origin` is whom wrong ones are counted to.

    Raises `CodeThrottledError`, `CodeRefusedError`.
    """
    now = timezone.now()
    lately = CodeFailure.objects.filter(at__gt=now - FAILURE_WINDOW)
    if lately.filter(origin=origin).count() >= FAILURES_ALLOWED or lately.count() >= FAILURES_ALLOWED_IN_ALL:
        raise CodeThrottledError
    code = Code.objects.filter(digest=code_digest(text), purpose__in=code_purposes()).first()
    if code is None:
        CodeFailure.objects.create(origin=origin, at=now)
    if refusal := code_refusal(code=code):
        raise CodeRefusedError(refusal)
    return cast("Code", code)


def code_refusal(*, code: Code | None) -> str:
    """Return the sentence why a code allows nothing (any more), or nothing where it does.

    Only who has the code reads what became of it: a guesser hits one that was used as seldom as one that lives.
    """
    if code is None:
        return _("This code is not known. Please compare it with the mail or the letter.")
    if (code.used_at or code.withdrawn_at) and (outcome := _outcome(code)):
        return outcome
    if code.used_at is not None:
        return _("This code has been used already. It works once.")
    if code.withdrawn_at is not None:
        return _("This code has been withdrawn or replaced. Please use the one in the newest mail or letter.")
    if code.expires_at <= timezone.now():
        day = format_date(localdate(code.expires_at), weekday=False)
        return _("This code ran out on %(day)s. Please ask for a new one.") % {"day": day}
    return ""


def _outcome(code: Code) -> str:
    """Ask whoever declared the purpose what came of a spent code."""
    purpose, sentence = code_purposes().get(code.purpose), ""
    if purpose is not None and purpose.outcome:
        with isolated(owner_of_name(code.purpose) or "", f"outcome of {code.purpose}"):
            sentence = import_string(purpose.outcome.replace(":", "."))(code)
    return sentence


def code_withdraw(*, pk: int) -> None:
    """Let a code allow nothing any more, unless it has been used."""
    codes_withdraw(pks=[pk])


def codes_withdraw(*, pks: Sequence[int]) -> None:
    """Let codes allow nothing any more, but those that have been used; a query for 500."""
    now = timezone.now()
    for start in range(0, len(pks), 500):
        live = Code.objects.filter(pk__in=pks[start : start + 500], used_at__isnull=True, withdrawn_at__isnull=True)
        live.update(withdrawn_at=now)


@transaction.atomic
def code_use(*, pk: int, purpose: str) -> Code:
    """Use a code up, in the transaction of what it allows. Of several at once one wins; others `CodeRefusedError`."""
    now = timezone.now()
    if not Code.objects.usable(now).filter(pk=pk, purpose=purpose).update(used_at=now):
        raise CodeRefusedError(code_refusal(code=Code.objects.filter(pk=pk, purpose=purpose).first()))
    return Code.objects.get(pk=pk)


def codes_use(*, purpose: str, person: AbstractUser) -> int:
    """Use up all codes of a person for one purpose, when it was reached on another way; return how many."""
    now = timezone.now()
    return Code.objects.usable(now).filter(purpose=purpose, person_id=person.pk).update(used_at=now)


def code_digest(text: str) -> str:
    """Return what is kept of a code: keyed, so that a stolen database opens nothing."""
    return salted_hmac("cms.mail.code", code_normalise(text), algorithm="sha256").hexdigest()


def code_normalise(text: str) -> str:
    """Return the bare characters of what was typed: full width, small letters, spaces and hyphens don't matter."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in plain if character.isalnum())
