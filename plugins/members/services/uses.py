"""Who saw or exported personal data of the register: kept for as long as somebody may ask, then forgotten."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from plugins.members.enums import RegisterUse
from plugins.members.models import RegisterAccess

if TYPE_CHECKING:
    from cms.accounts.models import User

KEEP_USES = dt.timedelta(days=3 * 365)
"""A claim for damages because of a leak lapses three years after it became known (Civil Code, article 724)."""


def use_record(*, person: User, use: RegisterUse, detail: str = "") -> None:
    """Keep who saw what of the register."""
    RegisterAccess.objects.create(person=person, person_name=person.display_name, use=use, detail=detail[:300])


def uses_forget() -> int:
    """Delete what is older than anybody may ask for, with the names that were searched; return how many."""
    return RegisterAccess.objects.filter(at__lt=timezone.now() - KEEP_USES).delete()[0]
