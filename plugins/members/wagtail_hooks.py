"""Puts the register into the admin."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

from cms.accounts.models import User
from cms.calendar import format_date
from cms.plugin_api import hooks

from .views.admission import AdmitMany
from .views.people import InviteByLetter, InviteByMail, WithdrawInvitations
from .views.recording import recorded_action
from .views.roster import RemindSilent
from .viewsets import MembersGroup

_ACTIONS = {
    "members.begin": (_("Membership begun"), _("Made a member")),
    "members.end": (_("Membership ended"), _("Ended the membership")),
    "members.import": (_("Changed by a file"), _("Changed by a file that was read in")),
    "members.seat": (_("Seat taken"), _("A person takes a seat")),
    "members.invite": (_("Invited"), _("Invited a person to an account")),
    "members.uninvite": (_("Invitation withdrawn"), _("Withdrew an invitation")),
    "members.accept": (_("Invitation accepted"), _("Accepted the invitation")),
    "members.application_received": (_("Application received"), _("Confirmed the mail address")),
    "members.application_asked": (_("Asked back"), _("Asked the applicant")),
    "members.application_answered": (_("Answer received"), _("The applicant answered")),
    "members.application_accepted": (_("Application accepted"), _("Accepted the application")),
    "members.application_declined": (_("Application declined"), _("Declined the application")),
    "members.claim_received": (_("Claim received"), _("Claimed a seat through the representative address")),
    "members.claim_approved": (_("Claim approved"), _("Approved the claim of a seat")),
    "members.claim_declined": (_("Claim declined"), _("Declined the claim of a seat")),
    "members.leave_announced": (_("Leaving announced"), _("Announced that the membership shall end")),
    "members.leave_revoked": (_("Leaving not carried out"), _("Let the member stay")),
    "members.handover": (_("Hand-over announced"), _("Announced a hand-over")),
    "members.handover_cancel": (_("Hand-over cancelled"), _("Cancelled a hand-over")),
    "members.seat_end": (_("Seat left"), _("Ended a person's time on a seat")),
    "members.seat_undo": (_("Taken off a seat"), _("Took a person off a seat who had not come yet")),
    "members.seat_change": (_("Seat changed"), _("Changed role or note of a seat")),
    "members.roster": (_("Roster confirmed"), _("Answered the roster confirmation")),
    "members.roster_entered": (_("Roster brought up to date"), _("Entered what the roster confirmation said")),
    "members.office_end": (_("Term in office ended"), _("Ended a term in office")),
    "members.close": (_("Organisation closed"), _("Closed the organisation")),
}


def _changes(data: Mapping[str, Any]) -> list[str]:
    return [f"{what}: {before or '－'} → {after or '－'}" for what, before, after in data.get("changes", ())]


def _details(data: Mapping[str, Any]) -> list[str]:
    """Return which seat, who, from which day: the texts of an entry, as they were then."""
    told = [data.get("seat", ""), data.get("person", ""), data.get("round", ""), data.get("name", "")]
    if "now" in data:
        told[0] = f"{data['seat']} → {data['now']}"
    if "from" in data:
        told.append(f"{data['from']} → {data['to']}")
    if data.get("on"):
        told.append(format_date(dt.date.fromisoformat(data["on"]), weekday=False))
    return [text for text in told if text]


class DetailFormatter(LogFormatter):
    """Says what was done, and to whom, on which seat, from which day."""

    def format_message(self, log_entry: ModelLogEntry) -> str:
        told = [*_details(log_entry.data), *self._changes(log_entry)]
        details = pgettext("between words", ", ").join(told)
        if not details:
            return str(self.message)
        return gettext("%(done)s (%(details)s)") % {"done": self.message, "details": details}

    def _changes(self, log_entry: ModelLogEntry) -> list[str]:
        """Of a person say only what changed: this line is also in reports, before eyes that nobody records."""
        if log_entry.content_type.model_class() is User:
            return [what for what, _before, _after in log_entry.data.get("changes", ())]
        return _changes(log_entry.data)


class ContactsFormatter(LogFormatter):
    """Says which contacts were replaced, and what was there."""

    label = _("Contacts changed")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        words = pgettext("between words", ", ").join(_changes(log_entry.data))
        return gettext("Took contacts over from the application: %(changes)s") % {"changes": words}


@hooks.register("register_admin_viewset")
def register_viewsets() -> MembersGroup:
    """Mount the lists and the menu."""
    return MembersGroup()


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what is written into the history of an organisation."""
    for name, (label, message) in _ACTIONS.items():
        formatter = type("Formatter", (DetailFormatter,), {"label": label, "message": message})
        actions.register_action(name)(formatter)
    actions.register_action("members.contacts")(ContactsFormatter)


for _action in (AdmitMany, InviteByMail, InviteByLetter, WithdrawInvitations, RemindSilent):
    hooks.register("register_bulk_action")(recorded_action(_action))
