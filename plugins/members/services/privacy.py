"""What the register keeps about a person, and how it forgets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import ModelLogEntry

from cms.accounts.models import Affiliation, Organisation, User
from cms.calendar import at_tokyo, format_date, format_time
from cms.mail.enums import MOVING_STATES
from cms.mail.models import Delivery, Message
from cms.plugin_api import Impact, PersonalRecords
from cms.privacy.services import history_forget, is_name_of, names_of
from plugins.members.models import (
    Application,
    ApplicationNote,
    CornerVisitor,
    DirectoryEntry,
    Handover,
    Invitation,
    OfficerTerm,
    RegisterAccess,
    RegisterImport,
    RosterEntry,
    SeatClaim,
    Withdrawal,
)

from .claims import CLAIM
from .claims import DECLINED as CLAIM_DECLINED
from .handovers import HANDOVER
from .invitations import ARRIVED
from .rows import heading_key

if TYPE_CHECKING:
    import datetime as dt

NAMED = ("person", "from", "to", "name")
"""Keys of data in histories under which somebody is named, with the person's own key in `…_id` beside it."""
APPLICANTS = ("lead_name", "head_name", "deputy_name")


def personal_records(*, person: User) -> Sequence[PersonalRecords]:
    """Return what brought the person to their seats, their offices and uses of the register, and the corner."""
    names = _names_of(person)
    offices = [
        {
            _("Organisation"): str(term.organisation),
            _("Office"): str(term.get_office_display()),
            pgettext("person", "Name"): term.representative_name,
            _("role of the representative"): term.representative_role,
        }
        for term in _terms_of(person, names)
    ]
    uses = [
        {
            _("When"): _moment(use.at),
            _("What was done"): str(use.get_use_display()),
            _("What was seen"): use.detail,
        }
        for use in RegisterAccess.objects.filter(person=person)
    ]
    listed = [
        {
            _("What others may ask you about"): entry.about,
            _("Shows your mail address"): _("yes") if entry.shows_email else _("no"),
        }
        for entry in DirectoryEntry.objects.filter(person=person)
    ]
    visits = [{_("When"): _moment(visit.seen_at)} for visit in CornerVisitor.objects.filter(person=person)]
    claims = [
        {
            _("When"): _moment(claim.received_at),
            _("Organisation"): str(claim.organisation),
            pgettext("person", "Name"): claim.name,
            _("Message of the claimant"): claim.message,
        }
        for claim in SeatClaim.objects.filter(person=person).select_related("organisation")
    ]
    return [
        PersonalRecords("members.invitations", _("Invitations that you got"), _invitations_of(person)),
        PersonalRecords("members.handovers", _("Hand-overs of your seats"), _handovers_of(person)),
        PersonalRecords("members.roster", _("Roster confirmations that you answered"), _answers_of(person, names)),
        PersonalRecords("members.claims", _("Your claim of a seat"), claims),
        PersonalRecords("members.directory", _("Your entry in the directory of members"), listed),
        PersonalRecords("members.visits", _("Your last visit of the members' corner"), visits),
        PersonalRecords("members.offices", _("Offices that you represented"), offices),
        PersonalRecords("members.uses", _("Your uses of the register"), uses),
    ]


def _invitations_of(person: User) -> list[dict[str, str]]:
    rows = Invitation.objects.filter(person=person).select_related("seat__organisation")
    return [
        {
            _("Seat"): str(row.seat),
            _("How it goes out"): str(row.get_channel_display()),
            _("Issued at"): _moment(row.issued_at),
            _("Accepted at"): _moment(row.accepted_at),
        }
        for row in rows
    ]


def _handovers_of(person: User) -> list[dict[str, str]]:
    rows = Handover.objects.filter(Q(predecessor=person) | Q(successor=person))
    return [
        {
            _("Seat"): str(row.seat),
            _("Part"): (
                pgettext("person", "Predecessor")
                if row.predecessor_id == person.pk
                else pgettext("person", "Successor")
            ),
            _("First day of the successor"): format_date(row.on),
            pgettext("handover", "Announced by"): row.announced_by_name,
        }
        for row in rows.select_related("seat__organisation")
    ]


def _answers_of(person: User, names: Set[str]) -> list[dict[str, str]]:
    return [
        {
            _("Title"): str(row.round),
            _("Organisation"): str(row.organisation),
            _("Answer"): str(row.get_answer_display()),
            _("When"): _moment(row.answered_at),
            pgettext("person", "Name"): row.answered_by_name,
            _("What changes"): row.note,
        }
        for row in _answers_by(person, names)
    ]


def _answers_by(person: User, names: Set[str]) -> list[RosterEntry]:
    """Return what the person recorded, and what was answered by code under their name for an organisation of theirs.

    An answer by code knows no account: the name that was typed is all there is.
    """
    recorded, own = Q(recorded_by=person), Q(organisation__in=_organisations_of(person))
    rows = RosterEntry.objects.filter(recorded | own).exclude(answer="").select_related("round", "organisation")
    return [
        row for row in rows if row.recorded_by_id == person.pk or is_name_of(names=names, text=row.answered_by_name)
    ]


def _terms_of(person: User, names: Set[str]) -> list[OfficerTerm]:
    """Return the terms in office that the person represented, also where only their name was typed."""
    chosen, typed = Q(representative=person), Q(representative=None, organisation__in=_organisations_of(person))
    return [
        term
        for term in OfficerTerm.objects.filter(chosen | typed).select_related("organisation")
        if term.representative_id == person.pk or is_name_of(names=names, text=term.representative_name)
    ]


def _organisations_of(person: User) -> QuerySet[Organisation]:
    """Return the organisations whose papers may name the person: they sat there, or should have.

    A hand-over that is cancelled and an invitation that is withdrawn leave no seat behind.
    """
    handed = Handover.objects.filter(Q(predecessor=person) | Q(successor=person))
    return Organisation.objects.filter(
        Q(pk__in=Affiliation.objects.of_person(person).values("organisation"))
        | Q(pk__in=handed.values("seat__organisation"))
        | Q(pk__in=Invitation.objects.filter(person=person).values("seat__organisation"))
        | Q(pk__in=SeatClaim.objects.filter(person=person, organisation__isnull=False).values("organisation"))
    )


def _moment(at: dt.datetime | None) -> str:
    return f"{format_date(at_tokyo(at).date())} {format_time(at)}" if at else ""


def person_forget(*, person: User, neutral_name: str) -> Sequence[Impact]:
    """Put the neutral name in the place of the person's; an own entry goes.

    What was stays: offices, hand-overs, invitations and answers keep organisation, seat and day, and point at the
    emptied account. So a hand-over protects its people from being deleted, and doesn't stand in the way here.
    """
    names = _names_of(person)
    terms = OfficerTerm.objects.filter(pk__in=[term.pk for term in _terms_of(person, names)])
    uses = RegisterAccess.objects.filter(person=person)
    for model in (Application, SeatClaim, Withdrawal):
        model.objects.filter(decided_by=person).update(decided_by_name=neutral_name)
    RosterEntry.objects.filter(entered_by=person).update(entered_by_name=neutral_name)
    ApplicationNote.objects.filter(by=person).update(by_name=neutral_name)
    left = Withdrawal.objects.filter(announced_by=person)
    Handover.objects.filter(announced_by=person).update(announced_by_name=neutral_name)
    Invitation.objects.filter(issued_by=person).update(issued_by_name=neutral_name)
    entries, _rows = DirectoryEntry.objects.filter(person=person).delete()
    CornerVisitor.objects.filter(person=person).delete()
    return [
        Impact(_("Entries in the directory of members"), entries),
        Impact(_("Claims of seats without the name"), _forget_claims(person, names, neutral_name)),
        Impact(_("Announcements to leave without the name"), left.update(announced_by_name=neutral_name)),
        Impact(_("Answers to roster confirmations without the name"), _forget_answers(person, names, neutral_name)),
        Impact(_("Applications to join without the name"), _forget_applications(person, names, neutral_name)),
        Impact(_("Terms in office without the name"), terms.update(representative_name=neutral_name)),
        Impact(_("Uses of the register without the name"), uses.update(person_name=neutral_name)),
        Impact(_("Searches for the person that are forgotten"), _forget_searches(person, names, neutral_name)),
        Impact(_("Uploaded files that were not confirmed yet and named the person"), _drop_files(person, names)),
        Impact(
            _("Entries in histories of organisations without the name"),
            _forget_in_histories(person, names, neutral_name),
        ),
        Impact(
            _("Mails to others that go on naming the person until their text is deleted by rule"),
            _told_of(person, names),
        ),
    ]


def _told_of(person: User, names: Set[str]) -> int:
    """Count what others were told about the person: it stays, since it is what they were told."""
    told = Q(text__contains=str(person))
    for name in names:
        told |= Q(text__contains=name)
    mails = Message.objects.with_body().filter(told, kind__in=[HANDOVER, ARRIVED])
    return mails.exclude(deliveries__person=person).count()


def _forget_answers(person: User, names: Set[str], neutral_name: str) -> int:
    """Take the name out of answers, and out of what others wrote there about who goes and who comes."""
    answered = _answers_by(person, names)
    for row in answered:
        row.answered_by_name = neutral_name
    RosterEntry.objects.bulk_update(answered, ["answered_by_name"], batch_size=500)
    named = list(RosterEntry.objects.filter(organisation__in=_organisations_of(person)).exclude(note=""))
    for row in named:
        row.note = _without_name(names, row.note, neutral_name)
    RosterEntry.objects.bulk_update(named, ["note"], batch_size=500)
    return len(answered)


def _without_name(names: Set[str], text: str, neutral_name: str) -> str:
    for name in sorted(names, key=len, reverse=True):  # one may begin with another
        text = re.sub(r"\s*".join(map(re.escape, name.split())), neutral_name, text)
    return text


def _forget_claims(person: User, names: Set[str], neutral_name: str) -> int:
    """Take the name out of the claims that let the person in, and of declined ones that bear it."""
    organisations = list(_organisations_of(person))
    found = [
        claim
        for claim in SeatClaim.objects.filter(Q(person=person) | Q(organisation__in=organisations))
        if claim.person_id == person.pk or is_name_of(names=names, text=claim.name)
    ]
    names = {*names, *(claim.name for claim in found)}
    _forget_claim_mails(organisations, names)
    for claim in found:
        claim.reason = _without_name(names, claim.reason, neutral_name)
        claim.last_name, claim.first_name, claim.message = neutral_name, "", ""
    SeatClaim.objects.bulk_update(found, ["last_name", "first_name", "message", "reason"], batch_size=500)
    return len(found)


def _forget_claim_mails(organisations: Sequence[Organisation], names: Set[str]) -> None:
    """Empty what went to the representative address about the claims: name, code and reason."""
    sent = Delivery.objects.filter(message__kind__in=[CLAIM, CLAIM_DECLINED], organisation__in=organisations)
    told = [
        row.pk
        for row in sent.exclude(state__in=MOVING_STATES)
        if is_name_of(names=names, text=row.values.get("name", ""))
    ]
    Delivery.objects.filter(pk__in=told).update(values={})


def _forget_searches(person: User, names: Set[str], neutral_name: str) -> int:
    """Take name, login ID and address out of the words that others searched for, or opened the person under."""
    words = [word for word in (person.username, person.email) if word]
    alone = re.compile("|".join(rf"(?<![\w.@+-]){re.escape(word)}(?![\w.@+-])" for word in words))
    named = Q()
    for word in (*(name.split()[0] for name in names), *words):
        named |= Q(detail__contains=word)
    changed = []
    for use in RegisterAccess.objects.filter(named):
        text = alone.sub(neutral_name, _without_name(names, use.detail, neutral_name))
        if text != use.detail:
            use.detail = text[:300]
            changed.append(use)
    RegisterAccess.objects.bulk_update(changed, ["detail"], batch_size=500)
    return len(changed)


def _drop_files(person: User, names: Set[str]) -> int:
    """Delete the files that wait to be confirmed and name the person; of those that were written no row is kept.

    Whole files go: a row that were missing without a word could be missed. A file is uploaded again where it is needed.
    """
    waiting = RegisterImport.objects.filter(written_at__isnull=True)
    is_named = _is_named(person, names)
    named = [one.pk for one in waiting.iterator() if any(map(is_named, [one.headings, *one.rows]))]
    RegisterImport.objects.filter(pk__in=named).delete()
    return len(named)


def _is_named(person: User, earlier: Set[str]) -> Callable[[Sequence[str]], bool]:
    """Return whether a row of a file bears the person's name, login ID or an address that is theirs alone."""
    name = heading_key(person.get_full_name())
    parts = {heading_key(part) for part in (person.last_name, person.first_name) if part}
    keys = {heading_key(person.username), name, *map(heading_key, earlier)} - {""}
    if person.email and not _is_shared(person):
        keys.add(heading_key(person.email))

    def names(cells: Sequence[str]) -> bool:
        found = {heading_key(cell) for cell in cells}
        return bool(keys & found) or (len(parts) > 1 and (parts <= found or any(name in cell for cell in found)))

    return names


def _is_shared(person: User) -> bool:
    """Whether the mail address of a person is also somebody else's, as a section's is."""
    others = User.objects.with_email(person.email).exclude(pk=person.pk)
    return others.exists() or Organisation.objects.filter(email__iexact=person.email).exists()


def _forget_applications(person: User, names: Set[str], neutral_name: str) -> int:
    """Take the name out of the applications of the person's organisations."""
    found = 0
    for application in Application.objects.filter(code__in=_organisations_of(person).values("code")):
        named = [field for field in APPLICANTS if is_name_of(names=names, text=getattr(application, field))]
        for field in named:
            setattr(application, field, neutral_name)
        if named:
            application.save(update_fields=named)
            found += 1
    return found


def _forget_in_histories(person: User, names: Set[str], neutral_name: str) -> int:
    """Look through what was done for the organisations of the person, and by the person: entries copy names."""
    organisations = [str(pk) for pk in _organisations_of(person).values_list("pk", flat=True)]
    entries = _histories().filter(Q(object_id__in=organisations) | Q(user=person) | _keeps(person))
    return history_forget(entries=entries, person=person, names=names, neutral_name=neutral_name)


def _histories() -> QuerySet[ModelLogEntry]:
    return ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Organisation), action__startswith="members."
    )


def _keeps(person: User) -> Q:
    return Q(*((f"data__{key}_id", person.pk) for key in NAMED), _connector=Q.OR)


def _names_of(person: User) -> set[str]:
    """Return what the person is and was called, also where a history kept whom it names and nothing else tells."""
    entries = _histories().filter(_keeps(person)).values_list("data", flat=True)
    kept = {data[key] for data in entries for key in NAMED if data.get(f"{key}_id") == person.pk and data.get(key)}
    return names_of(person=person) | kept - {person.username}  # who has no name is shown by it
