"""Of two clerks who decide at once, one decides; the other reads in one sentence what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.calendar import at_tokyo, format_date
from plugins.members.models import Application, SeatClaim, Withdrawal

if TYPE_CHECKING:
    from django.db.models import TextChoices

    from cms.accounts.models import User

ToDecide = TypeVar("ToDecide", Application, SeatClaim, Withdrawal)


def undecided(decision: ToDecide) -> ToDecide:
    """Lock what is to be decided, in a transaction, and return it as it is stored.

    Raises `ValidationError` where it has been decided meanwhile, or nobody has confirmed the mail address.
    """
    stored = type(decision).objects.select_for_update().get(pk=decision.pk)
    if stored.decided_at is not None:
        words = {
            "who": stored.decided_by_name,
            "day": format_date(at_tokyo(stored.decided_at).date(), weekday=False),
            "state": stored.get_state_display(),
        }
        raise ValidationError(_("This was decided by %(who)s on %(day)s: %(state)s.") % words)
    if not stored.is_undecided:
        raise ValidationError(_("The mail address has not been confirmed yet."))
    return stored


def decide(decision: ToDecide, *, state: TextChoices, by: User) -> None:
    """Store a decision and whatever else the caller has changed of it."""
    decision.state, decision.decided_at = state, timezone.now()
    decision.decided_by, decision.decided_by_name = by, by.display_name
    decision.save()
