"""Asks every member once a year whether its people are still the same, and asks again who is silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.calendar import format_date, today
from cms.calendar.clock import day_start
from cms.mail.services.codes import CodeRefusedError, code_url, code_use, code_withdraw, codes_create, codes_withdraw
from cms.mail.services.messages import Recipient, mail_enqueue
from plugins.members.enums import RosterAnswer
from plugins.members.models import RosterEntry, RosterRound
from plugins.members.querysets import LATE_FOR, RosterEntryQuerySet
from plugins.members.selectors.register import members_on

if TYPE_CHECKING:
    from cms.accounts.models import Organisation, User
    from cms.mail.models import Code

ROSTER = "members.roster"
"""The purpose of the code and the kind of the mail."""


@transaction.atomic
def roster_start(*, title: str, deadline: dt.date, by: User | None) -> RosterRound:
    """Ask every member of today at its representative address; who has none is listed, to be telephoned.

    Raises `ValidationError` for a deadline that is past or a title that was used.
    """
    if deadline < today():
        raise ValidationError({"deadline": _("That day is past. Please enter today or a day to come.")})
    roster = RosterRound(title=title, deadline=deadline, started_by=by)
    roster.full_clean(exclude=["started_by"])
    roster.save()
    entries = [RosterEntry(round=roster, organisation=organisation) for organisation in members_on(today())]
    RosterEntry.objects.bulk_create(entries, batch_size=500)
    _ask(roster, roster.entries.all())
    return roster


@transaction.atomic
def roster_remind(*, roster: RosterRound, shown_at: dt.datetime, only: Collection[int] = ()) -> int:
    """Ask again who is silent and a member today, with new codes; return how many. Earlier codes go dead.

    `shown_at` is when the clerk saw who is silent: whoever was asked since is not asked twice, by two clerks at once or
    by a form that is sent again. `only` narrows it to these entries.
    """
    locked = RosterRound.objects.select_for_update().get(pk=roster.pk)
    silent = locked.entries.filter(Q(asked_at__isnull=True) | Q(asked_at__lte=shown_at))
    return _ask(locked, silent.filter(pk__in=only) if only else silent)


@transaction.atomic
def roster_answer(
    *, entry: RosterEntry, answer: RosterAnswer, name: str, note: str = "", by: User | None = None
) -> RosterEntry:
    """Keep what an organisation says, and use its code up; `by` somebody on a seat of it, the code goes dead unused.

    Raises `CodeRefusedError` where it has answered, was asked anew meanwhile or is too late, `ValidationError` for a
    change that isn't said.
    """
    stored = _locked(entry)
    if answer == RosterAnswer.CHANGED and not note.strip():
        raise ValidationError({"note": _("Please say what changes, from which day.")})
    if by is not None:
        if refusal := roster_refusal(entry=stored):
            raise CodeRefusedError(refusal)
        _withdraw_code(stored)
    elif stored.code_id is None or stored.code_id != entry.code_id:
        raise CodeRefusedError(_("This code has been withdrawn or replaced. Please use the newest mail or letter."))
    else:
        code_use(pk=stored.code_id, purpose=ROSTER)
    _keep(stored, answer=answer, note=note, name=name, by=by)
    return stored


@transaction.atomic
def roster_record(*, entry: RosterEntry, answer: RosterAnswer, note: str, by: User) -> RosterEntry:
    """Keep what an organisation said on the telephone; its code goes dead."""
    stored = _locked(entry)
    _withdraw_code(stored)
    _keep(stored, answer=answer, note=note, name=by.display_name, by=by)
    return stored


@transaction.atomic
def roster_entered(*, entry: RosterEntry, by: User) -> RosterEntry:
    """Keep that what changes at an organisation stands in the register now.

    Raises `ValidationError` where somebody was faster, or the organisation says by now that nothing changes.
    """
    stored = _locked(entry)
    if stored.answer != RosterAnswer.CHANGED:
        raise ValidationError(_("This organisation has announced no change."))
    if stored.entered_at is not None:
        words = {
            "who": stored.entered_by_name,
            "day": format_date(timezone.localdate(stored.entered_at), weekday=False),
        }
        raise ValidationError(_("%(who)s has entered this on %(day)s already.") % words)
    stored.entered_at, stored.entered_by, stored.entered_by_name = timezone.now(), by, by.display_name
    stored.save(update_fields=["entered_at", "entered_by", "entered_by_name"])
    log(stored.organisation, "members.roster_entered", user=by, data={"round": str(stored.round)})
    return stored


def entry_of_code(*, code: Code) -> RosterEntry | None:
    """Return what a code is about; None where another code was sent since."""
    return RosterEntry.objects.select_related("organisation", "round").filter(code=code).first()


def roster_refusal(*, entry: RosterEntry) -> str:
    """Return the sentence why an organisation can't answer without a code any more, or nothing where it can."""
    if entry.answered_at is not None:
        words = {
            "who": entry.answered_by_name,
            "day": format_date(timezone.localdate(entry.answered_at), weekday=False),
        }
        return _("%(who)s has answered on %(day)s already.") % words
    if not RosterEntry.objects.answerable_at(timezone.now()).filter(pk=entry.pk).exists():
        return _("This confirmation is over.")
    return ""


def _locked(entry: RosterEntry) -> RosterEntry:
    """Lock the entry alone: a reminder holds the round while it waits for entries."""
    entries = RosterEntry.objects.select_for_update(of=("self",)).select_related("organisation", "round")
    return entries.get(pk=entry.pk)


def _withdraw_code(entry: RosterEntry) -> None:
    if entry.code_id is not None:
        code_withdraw(pk=entry.code_id)


def _keep(entry: RosterEntry, *, answer: RosterAnswer, note: str, name: str, by: User | None = None) -> None:
    """Keep and log an answer. What changes has to be entered, also where an answer before it has been."""
    entry.answer, entry.note, entry.answered_by_name = answer, note.strip(), name
    entry.answered_at, entry.recorded_by = timezone.now(), by
    entry.entered_at, entry.entered_by, entry.entered_by_name = None, None, ""
    entry.save()
    data: dict[str, str | int] = {"round": str(entry.round), "answer": answer, "name": name}
    if by is not None:
        data["name_id"] = by.pk
    log(entry.organisation, "members.roster", user=by, data=data)


def _ask(roster: RosterRound, entries: RosterEntryQuerySet) -> int:
    """Give those of the entries that are silent a new code and mail it, in a few queries for a hundred.

    They are locked as they are read: an answer that comes meanwhile waits, and then finds its code replaced; one that
    came before is not silent any more.
    """
    asked = entries.outstanding_on(today()).exclude(organisation__email="").order_by("pk")
    silent = list(asked.select_related("organisation").select_for_update(of=("self",)))
    if not silent:
        return 0
    codes_withdraw(pks=[entry.code_id for entry in silent if entry.code_id is not None])
    until = max(day_start(roster.deadline), timezone.now()) + LATE_FOR
    made = codes_create(purpose=ROSTER, people=[None] * len(silent), lifetime=until - timezone.now())
    recipients = []
    for entry, (code, text) in zip(silent, made, strict=True):
        entry.code, entry.asked_at = code, timezone.now()
        entry.times_asked += 1
        recipients.append(_recipient(entry.organisation, text))
    RosterEntry.objects.bulk_update(silent, ["code", "asked_at", "times_asked"], batch_size=100)
    mail_enqueue(
        kind=ROSTER,
        context={"title": roster.title, "code_url": code_url(), "deadline": roster.deadline},
        recipients=recipients,
    )
    return len(recipients)


def _recipient(organisation: Organisation, code: str) -> Recipient:
    values = {"code": code, "organisation": str(organisation)}
    return Recipient(organisation.email, str(organisation), organisation_id=organisation.pk, values=values)
