"""Who saw or exported personal data of the register: kept for as long as somebody may ask, then forgotten."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone, translation

from plugins.members.enums import RegisterUse
from plugins.members.models import RegisterAccess

if TYPE_CHECKING:
    from cms.accounts.models import User

KEEP_USES = dt.timedelta(days=3 * 365)
"""A claim for damages because of a leak lapses three years after it became known (Civil Code, article 724)."""


def in_language_of_the_log() -> AbstractContextManager[None]:
    """Let words be those of the site's own language, whichever the person reads: others read them later, as one log."""
    return translation.override(settings.LANGUAGE_CODE)


def use_record(*, person: User, use: RegisterUse, detail: str = "") -> None:
    """Keep who saw what of the register."""
    RegisterAccess.objects.create(person=person, person_name=person.display_name, use=use, detail=detail[:300])


def uses_forget() -> int:
    """Delete what is older than anybody may ask for, with the names that were searched; return how many."""
    return RegisterAccess.objects.filter(at__lt=timezone.now() - KEEP_USES).delete()[0]
