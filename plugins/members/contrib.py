"""What the plugin gives to the core's extension points."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cms.accounts.models import Affiliation, User
from cms.calendar import now, today
from cms.calendar.deadlines import deadline_at
from cms.plugin_api.events import PeopleSeen
from cms.plugin_api.points import (
    Addressee,
    Audience,
    AwaitedAnswer,
    CornerNews,
    CornerVisit,
    KeptGroup,
    MenuItem,
    SidebarCard,
    ToDo,
)

from .enums import ApplicationState, ClaimState, RegisterUse, Silence, Standing, WithdrawalState, WrittenTo
from .forms.audiences import MembersForm, OrganisationsForm
from .models import Application, DirectoryEntry, Membership, RosterEntry, RosterRound, SeatClaim, Withdrawal
from .permissions import DECIDE_APPLICATIONS, DECIDE_CLAIMS, DECIDE_WITHDRAWALS, SPEAK_FOR_IT, VIEW_REGISTER
from .selectors.audiences import addressees, narrowed, newcomers
from .selectors.corner import closed_documents, closed_pages, new_documents, new_pages
from .selectors.officers import officers_on
from .selectors.register import is_unmanned_on, members_on, to_be_won_on
from .services.officers import OFFICERS
from .services.uses import use_record
from .tables import TO_ENTER, entries_url


class RegisteredMembership:
    """Answers by the register."""

    def is_member(self, organisation: Model, on: date) -> bool:
        """Say whether a membership of the organisation is in force on that day."""
        return Membership.objects.active_on(on).filter(organisation_id=organisation.pk).exists()

    def member_count(self, on: date) -> int:
        """Count the organisations of the status page."""
        return members_on(on).count()


def menu_items() -> Iterable[MenuItem]:
    """Offer the corner and the status of the membership in the main menu."""
    yield MenuItem(title=_("Members' corner"), url=reverse("members:corner"), order=590)
    yield MenuItem(title=_("Membership status"), url=reverse("members:status"), order=600)
    yield MenuItem(title=_("Join"), url=reverse("members:apply"), order=610)


def account_ways() -> Iterable[MenuItem]:
    """Tell who took over a seat, and who has a code, where to go."""
    yield MenuItem(title=_("I have taken over a seat and have no account"), url=reverse("members:claim"), order=100)


def reader_groups(on: date) -> Iterable[KeptGroup]:
    """Let material be limited to the officers of the day."""
    yield KeptGroup(key=OFFICERS, organisations=officers_on(on))


def audiences() -> Iterable[Audience]:
    """Let the secretariat write to the members, to some of them, and to those who are none yet."""
    yield Audience(slug="members.members", label=_("Members"), addressees=_members, form=MembersForm)
    yield Audience(slug="members.officers", label=_("Officers"), addressees=_officers, form=MembersForm)
    yield Audience(
        slug="members.newcomers",
        label=_("People of members who have never logged in"),
        addressees=_newcomers,
        form=OrganisationsForm,
    )
    yield Audience(
        slug="members.others",
        label=_("Organisations that are not members yet"),
        addressees=_others,
        form=OrganisationsForm,
        help_text=_(
            "At their representative addresses. Former members are left out, and so is who has applied or is accepted."
        ),
    )


def _members(chosen: Mapping[str, Any]) -> Iterable[Addressee]:
    on = today()
    return addressees(narrowed(members_on(on), chosen), to=_written_to(chosen), on=on)


def _officers(chosen: Mapping[str, Any]) -> Iterable[Addressee]:
    on = today()
    return addressees(narrowed(officers_on(on), chosen), to=_written_to(chosen), on=on)


def _newcomers(chosen: Mapping[str, Any]) -> Iterable[Addressee]:
    on = today()
    return newcomers(narrowed(members_on(on), chosen), on=on)


def _others(chosen: Mapping[str, Any]) -> Iterable[Addressee]:
    on = today()
    return addressees(narrowed(to_be_won_on(on), chosen), to=WrittenTo.ORGANISATION, on=on)


def _written_to(chosen: Mapping[str, Any]) -> WrittenTo:
    return WrittenTo(chosen.get("to") or WrittenTo.PEOPLE)


def awaited_answers(visit: CornerVisit) -> Iterable[AwaitedAnswer]:
    """Ask for the roster confirmations that the organisation has not answered."""
    entries = RosterEntry.objects.answerable_at(now()).filter(organisation=visit.organisation.pk)
    for entry in entries.select_related("round"):
        url = reverse("members:roster_answer", args=[entry.pk])
        yield AwaitedAnswer(entry.round.title, url, deadline_at(entry.round.deadline), _("Roster confirmation"))


def corner_news(visit: CornerVisit) -> Iterable[CornerNews]:
    """Say which pages and documents appeared or changed, of those that the person may read."""
    for page in new_pages(visit.since):
        kind = page.content_type.name if page.content_type else ""
        yield CornerNews(page.title, page.get_url(visit.request) or "", page.last_published_at, kind)
    for document in new_documents(visit.since):
        yield CornerNews(document.title, document.url, document.created_at, _("Document"))


def corner_cards(visit: CornerVisit) -> Iterable[SidebarCard]:
    """Show what only members may read, what is on file about the organisation, and the way to its peers."""
    material = {"pages": closed_pages(), "documents": closed_documents()}
    yield SidebarCard(_("For members only"), "members/cards/material.html", material, order=300)
    seats = Affiliation.objects.in_charge_on(today()).filter(organisation=visit.organisation.pk)
    held = list(seats.select_related("seat", "person").order_by("-seat__role", "seat__label"))
    on_file = {
        "seats": held,
        "speaks_for_it": any(row.person_id == visit.person.pk and row.seat.role in SPEAK_FOR_IT for row in held),
        "is_listed": DirectoryEntry.objects.filter(person=visit.person.pk).exists(),
    }
    yield SidebarCard(_("My organisation"), "members/cards/organisation.html", on_file, order=400)
    yield SidebarCard(_("Other members"), "members/cards/peers.html", order=500)


def people_seen(event: PeopleSeen) -> None:
    """Record who looked people up in the core's part of the admin."""
    person = User.objects.get(pk=event.person_id)
    use_record(person=person, use=RegisterUse.DIRECTORY, detail=event.detail)


def to_dos(user: AbstractUser) -> Iterable[ToDo]:
    """Remind those who decide of applications and of announcements to leave."""
    if user.has_perm(DECIDE_APPLICATIONS):
        count = Application.objects.to_decide().count()
        words = ngettext(
            "%(count)d application waits for a decision.", "%(count)d applications wait for a decision.", count
        )
        yield ToDo(
            words % {"count": count}, f"{reverse('members_applications:index')}?state={ApplicationState.OPEN}", count
        )
    if user.has_perm(DECIDE_CLAIMS):
        count = SeatClaim.objects.to_decide().count()
        words = ngettext("%(count)d claim of a seat waits.", "%(count)d claims of seats wait.", count)
        yield ToDo(words % {"count": count}, f"{reverse('members_claims:index')}?state={ClaimState.OPEN}", count)
    if user.has_perm(DECIDE_WITHDRAWALS):
        count = Withdrawal.objects.filter(state=WithdrawalState.ANNOUNCED).count()
        words = ngettext("%(count)d member wants to leave.", "%(count)d members want to leave.", count)
        url = f"{reverse('members_withdrawals:index')}?state={WithdrawalState.ANNOUNCED}"
        yield ToDo(words % {"count": count}, url, count)
    yield from roster_to_dos(user)


def roster_to_dos(user: AbstractUser) -> Iterator[ToDo]:
    """Remind the secretariat of members with nobody in charge, of announced changes, and of who is silent."""
    if not user.has_perm(VIEW_REGISTER):
        return
    unmanned = members_on(today()).filter(is_unmanned_on(today())).count()
    words = ngettext("%(count)s member has nobody in charge.", "%(count)s members have nobody in charge.", unmanned)
    address = f"{reverse('members_admin:register')}?standing={Standing.MEMBER}&unmanned=true"
    yield ToDo(words % {"count": intcomma(unmanned)}, address, unmanned)
    changes = RosterEntry.objects.to_enter().count()
    words = ngettext(
        "%(count)s announced change is to be entered.", "%(count)s announced changes are to be entered.", changes
    )
    address = f"{reverse('members_roster_entries:index')}?answer={TO_ENTER}"
    yield ToDo(words % {"count": intcomma(changes)}, address, changes)
    roster = RosterRound.objects.filter(deadline__gte=today()).first()
    if roster is not None:
        silent = roster.entries.outstanding_on(today()).count()
        words = ngettext("%(count)s member has not confirmed.", "%(count)s members have not confirmed.", silent)
        address = entries_url(roster, Silence.OUTSTANDING)
        yield ToDo(words % {"count": intcomma(silent)}, address, silent, due=roster.deadline)
