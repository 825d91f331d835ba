"""What came of a code that was used or withdrawn: its reader learns that they, or a colleague, have done it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cms.calendar import at_tokyo, format_date
from plugins.members.models import Application, SeatClaim

from .applications import ANSWER, CONFIRM
from .claims import CLAIM
from .invitations import INVITATION, account_refusal, invitation_of_code
from .rosters import ROSTER, entry_of_code, roster_refusal

if TYPE_CHECKING:
    import datetime as dt

    from cms.mail.models import Code


def code_outcome(code: Code) -> str:
    """Say what came of a spent code of this plugin; nothing where a newer one was sent instead."""
    return {
        CONFIRM: _of_application,
        ANSWER: _of_answer,
        CLAIM: _of_claim,
        INVITATION: _of_invitation,
        ROSTER: _of_roster,
    }[code.purpose](code)


def _of_application(code: Code) -> str:
    application = Application.objects.filter(pk=code.payload["application"]).first()
    if application is None:
        return ""
    words = {"name": application.name, "day": _day(application.received_at)}
    if application.is_undecided:
        return _("An application of %(name)s was received on %(day)s; the secretariat will answer it.") % words
    return _("The application of %(name)s of %(day)s has been decided; the answer was mailed.") % words


def _of_answer(code: Code) -> str:
    return _("Your answer reached the secretariat on %(day)s.") % {"day": _day(code.used_at)} if code.used_at else ""


def _of_claim(code: Code) -> str:
    claim = SeatClaim.objects.filter(pk=code.payload["claim"]).first()
    if claim is None:
        return ""
    if claim.is_undecided:
        return _("This claim was received on %(day)s; the secretariat looks at it.") % {"day": _day(code.used_at)}
    return _("This claim has been decided; the answer went to the representative mail address.")


def _of_invitation(code: Code) -> str:
    invitation = invitation_of_code(code=code)
    if invitation is None:
        return ""
    if invitation.accepted_at is not None:
        day = _day(invitation.accepted_at)
        return _("With this code an account was opened on %(day)s. Please log in.") % {"day": day}
    return account_refusal(person=invitation.person)


def _of_roster(code: Code) -> str:
    entry = entry_of_code(code=code)
    return roster_refusal(entry=entry) if entry is not None and entry.answered_at is not None else ""


def _day(at: dt.datetime | None) -> str:
    return format_date(at_tokyo(at).date(), weekday=False) if at else ""
