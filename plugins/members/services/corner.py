"""What people do in the members' corner."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from plugins.members.models import CornerVisitor, DirectoryEntry

if TYPE_CHECKING:
    from cms.accounts.models import User

ONE_VISIT = dt.timedelta(minutes=30)
"""Who comes back within that time is still on the same visit, so that what was new stays so while they read."""
AT_FIRST = dt.timedelta(days=30)
"""How far back things are new to somebody who comes for the first time."""


@transaction.atomic
def visit_record(*, person: User, at: dt.datetime) -> dt.datetime:
    """Note the visit, with one write at its beginning only, and return since when things are new to the person."""
    visitor, _is_first = CornerVisitor.objects.get_or_create(
        person=person, defaults={"seen_at": at, "new_since": at - AT_FIRST}
    )
    if at - visitor.seen_at > ONE_VISIT:
        visitor.new_since, visitor.seen_at = visitor.seen_at, at
        visitor.save(update_fields=["new_since", "seen_at"])
    return visitor.new_since


@transaction.atomic
def directory_entry_set(*, person: User, is_listed: bool, about: str = "", shows_email: bool = False) -> None:
    """List the person for other members with what they let be seen, or forget all of it."""
    if not is_listed:
        DirectoryEntry.objects.filter(person=person).delete()
        return
    DirectoryEntry.objects.update_or_create(person=person, defaults={"about": about, "shows_email": shows_email})
