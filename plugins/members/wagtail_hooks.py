"""Puts the register into the admin."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

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
    "members.seat_change": (_("Seat changed"), _("Changed role or note of a seat")),
    "members.roster": (_("Roster confirmed"), _("Answered the roster confirmation")),
    "members.roster_entered": (_("Roster brought up to date"), _("Entered what the roster confirmation said")),
    "members.close": (_("Organisation closed"), _("Closed the organisation")),
}


class ContactsFormatter(LogFormatter):
    """Says which contacts were replaced, and what was there."""

    label = _("Contacts changed")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        changes = log_entry.data.get("changes", ())
        words = "、".join(f"{what}: {before or '－'} → {after}" for what, before, after in changes)
        return gettext("Took contacts over from the application: %(changes)s") % {"changes": words}


@hooks.register("register_admin_viewset")
def register_viewsets() -> MembersGroup:
    """Mount the lists and the menu."""
    return MembersGroup()


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what is written into the history of an organisation."""
    for name, (label, message) in _ACTIONS.items():
        actions.register_action(name, label, message)
    actions.register_action("members.contacts")(ContactsFormatter)


for _action in (AdmitMany, InviteByMail, InviteByLetter, WithdrawInvitations, RemindSilent):
    hooks.register("register_bulk_action")(recorded_action(_action))
