"""Applications to join: sent in, confirmed by mail, asked back, accepted or declined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from cms.accounts.enums import Prefecture
from cms.accounts.models import Organisation, Seat
from cms.calendar import at_tokyo, format_date, today
from cms.mail.services.codes import code_create, code_url, code_use
from cms.mail.services.messages import Recipient, mail_enqueue
from plugins.members.enums import ApplicationState
from plugins.members.models import Application, ApplicationNote, Membership

from .decisions import decide, undecided
from .invitations import invitations_issue
from .memberships import membership_begin
from .seats import PersonData, seat_assign

if TYPE_CHECKING:
    from cms.accounts.models import User
    from cms.mail.models import Code

CONFIRM = "members.application_confirm"
ANSWER = "members.application_answer"
ACCEPTED = "members.application_accepted"
DECLINED = "members.application_declined"

WINDOW = dt.timedelta(hours=1)
ALLOWED_FROM_ONE_ADDRESS = 10
"""Applications within the window. A prefecture's municipalities share one exit, hence not two or three."""
CODES_A_DAY = 3
"""To one mail address: whoever types somebody else's can't fill their mailbox."""
KEEP_UNCONFIRMED = dt.timedelta(days=14)
KEEP_DECIDED = dt.timedelta(days=365)
"""Whoever was declined may ask why, and apply again in the next fiscal year."""

_PREFECTURES = frozenset(Prefecture.values)
_CONTACT = {
    "section": gettext_lazy("section in charge"),
    "postcode": gettext_lazy("postcode"),
    "address": gettext_lazy("address"),
    "telephone": gettext_lazy("telephone"),
    "email": gettext_lazy("representative mail address"),
}


class ApplicationsThrottledError(Exception):
    """Too many applications lately."""


@transaction.atomic
def application_receive(*, application: Application, language: str, origin: str) -> Application:
    """Store an application, and mail a code to its address; the same form sent twice is one application.

    Raises `ValidationError` with the sentence that says why the municipality can't apply, and
    `ApplicationsThrottledError`; then nothing is stored.
    """
    if known := Application.objects.filter(form_token=application.form_token).first():
        return known
    application.origin = salted_hmac("members.application.origin", origin, algorithm="sha256").hexdigest()
    _check_rate(application)
    if obstacle := application_obstacle(code=application.code, name=application.name):
        raise ValidationError(obstacle)
    application.language = language
    application.save(force_insert=True)
    _made, text = code_create(purpose=CONFIRM, payload={"application": application.pk})
    _send(CONFIRM, application, values={"code": text, "name": application.name}, context={"code_url": code_url()})
    return application


def application_obstacle(*, code: str, name: str) -> str:
    """Say in a sentence why the municipality with this code can't apply; nothing where it can."""
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is not None:
        words = {"code": code, "organisation": organisation.name}
        if not organisation.is_active_on(today()):
            return _("%(organisation)s (%(code)s) does not exist any more. Please enter the present code.") % words
        if organisation.name != name.strip():
            return _("The code %(code)s belongs to %(organisation)s. Please compare code and name.") % words
        if membership := Membership.objects.overlapping(today(), None).filter(organisation=organisation).last():
            return _member_already(membership)
    waiting = Application.objects.undecided().filter(code=code).first()
    if waiting is not None:
        day = format_date(at_tokyo(waiting.received_at).date(), weekday=False)
        return _("An application of %(name)s was received on %(day)s; the secretariat will answer it.") % {
            "name": waiting.name,
            "day": day,
        }
    return ""


def _member_already(membership: Membership) -> str:
    words = {"organisation": membership.organisation, "day": format_date(membership.starts_on, weekday=False)}
    if membership.starts_on > today():
        return _("%(organisation)s becomes a member on %(day)s. Please ask the secretariat for an account.") % words
    return _("%(organisation)s is a member already. Please ask the secretariat for an account.") % words


@transaction.atomic
def application_confirm(*, code: Code) -> Application:
    """Let an application count, and use the code up.

    Raises `CodeRefusedError` where the code is used up, `ValidationError` where the municipality has applied or become
    a member meanwhile.
    """
    used = code_use(pk=code.pk, purpose=CONFIRM)
    application = Application.objects.select_for_update().get(pk=used.payload["application"])
    if obstacle := application_obstacle(code=application.code, name=application.name):
        raise ValidationError(obstacle)
    application.state, application.confirmed_at = ApplicationState.OPEN, timezone.now()
    try:
        with transaction.atomic():
            application.save(update_fields=["state", "confirmed_at"])
    except IntegrityError as error:  # another application of the same municipality was faster
        raise ValidationError(_("Another application of this municipality was confirmed just now.")) from error
    log(application, "members.application_received")
    return application


@transaction.atomic
def application_ask(*, application: Application, question: str, by: User) -> Application:
    """Ask the applicant something; they answer online with a code. Raises `ValidationError` where it is decided."""
    stored = undecided(application)
    ApplicationNote.objects.create(application=stored, by=by, by_name=by.display_name, text=question)
    stored.state = ApplicationState.ASKED
    stored.save(update_fields=["state"])
    _made, text = code_create(purpose=ANSWER, payload={"application": stored.pk})
    _send(
        ANSWER,
        stored,
        values={"code": text, "name": stored.name, "question": question},
        context={"code_url": code_url()},
    )
    log(stored, "members.application_asked", user=by)
    return stored


@transaction.atomic
def application_answer(*, code: Code, text: str) -> Application:
    """Keep what the applicant answered, and use the code up.

    Raises `CodeRefusedError`, and `ValidationError` where the application was decided meanwhile.
    """
    used = code_use(pk=code.pk, purpose=ANSWER)
    stored = undecided(Application.objects.get(pk=used.payload["application"]))
    ApplicationNote.objects.create(application=stored, text=text)
    stored.state = ApplicationState.OPEN
    stored.save(update_fields=["state"])
    log(stored, "members.application_answered")
    return stored


@dataclass(frozen=True)
class ContactDifference:
    """A contact of the register that the applicant typed otherwise."""

    field: str
    label: str
    registered: str
    applied: str


def contact_differences(*, application: Application) -> list[ContactDifference]:
    """Return where the register says something else than the applicant; what is empty there contradicts nobody."""
    known = Organisation.objects.filter(code=application.code).first()
    if known is None:
        return []
    return [
        ContactDifference(field, str(label), registered, applied)
        for field, label in _CONTACT.items()
        if (registered := getattr(known, field)) and registered != (applied := getattr(application, field))
    ]


@transaction.atomic
def application_accept(
    *, application: Application, starts_on: dt.date, by: User, replace: Collection[str] = ()
) -> Organisation:
    """Make the municipality a member from that day, with its seats, and invite its people.

    What the register lacks of its contacts is filled in; what it says otherwise stays, but for the fields in `replace`:
    whoever applies has shown that they read a mailbox, not that it is the municipality's, and codes of claims and of
    the roster go to the representative address. The organisation's history keeps what was there.

    Raises `ValidationError` where it has been decided already, is a member, or a seat is taken; nothing is written.
    """
    stored = undecided(application)
    organisation = _organisation_of(stored, replace, by)
    note = _("%(application)s, received on %(day)s") % {
        "application": stored,
        "day": format_date(at_tokyo(stored.received_at).date(), weekday=False),
    }
    membership_begin(organisation=organisation, starts_on=starts_on, by=by, note=note)
    rows = []
    for role, name in stored.people:
        seat, _made = Seat.objects.get_or_create(organisation=organisation, role=role, label="")
        rows.append(seat_assign(seat=seat, person=_person(name, stored.email), by=by, starts_on=starts_on))
    invitations_issue(affiliations=rows, by=by)
    stored.organisation = organisation
    decide(stored, state=ApplicationState.ACCEPTED, by=by)
    _send(ACCEPTED, stored, values={"name": stored.name}, context={"day": starts_on})
    log(stored, "members.application_accepted", user=by, data={"on": starts_on.isoformat()})
    return organisation


@transaction.atomic
def application_decline(*, application: Application, letter: str, by: User) -> Application:
    """Decline with a letter, which is mailed and can be printed. Raises `ValidationError` where it is decided."""
    stored = undecided(application)
    stored.letter = letter
    decide(stored, state=ApplicationState.DECLINED, by=by)
    _send(DECLINED, stored, values={"name": stored.name, "letter": letter})
    log(stored, "members.application_declined", user=by)
    return stored


@transaction.atomic
def applications_forget() -> int:
    """Forget whom applications name once it is needed no longer; return how many were deleted or emptied.

    What nobody confirmed and what was declined goes. Of what was accepted municipality, days and decision stay: it is
    how the membership came about, and whoever was named there then is in the register.
    """
    now = timezone.now()
    decided = Application.objects.filter(decided_at__lt=now - KEEP_DECIDED)
    unconfirmed = Q(state=ApplicationState.UNCONFIRMED, received_at__lt=now - KEEP_UNCONFIRMED)
    declined = Q(state=ApplicationState.DECLINED, decided_at__lt=now - KEEP_DECIDED)
    gone = Application.objects.filter(unconfirmed | declined)
    count = gone.count()
    gone.delete()
    accepted = decided.exclude(lead_name="")
    ApplicationNote.objects.filter(application__in=accepted).delete()
    return count + accepted.update(lead_name="", head_name="", deputy_name="", message="", origin="")


def _check_rate(application: Application) -> None:
    lately = Application.objects.received_since(timezone.now() - WINDOW)
    of_day = Application.objects.received_since(timezone.now() - dt.timedelta(days=1))
    if (
        lately.filter(origin=application.origin).count() >= ALLOWED_FROM_ONE_ADDRESS
        or of_day.filter(email__iexact=application.email).count() >= CODES_A_DAY
    ):
        raise ApplicationsThrottledError


def _organisation_of(application: Application, replace: Collection[str], by: User) -> Organisation:
    """Return the organisation of the register, entered where it is not there, and write what changes of it."""
    organisation = Organisation.objects.select_for_update().filter(code=application.code).first()
    if organisation is None:
        prefecture = application.code[:2] if application.code[:2] in _PREFECTURES else ""
        organisation = Organisation(
            code=application.code, name=application.name, kind=application.kind, prefecture=prefecture
        )
    changes = []
    for field, label in _CONTACT.items():
        before, applied = getattr(organisation, field), getattr(application, field)
        if applied != before and (not before or field in replace):
            setattr(organisation, field, applied)
            changes.append([str(label), before, applied])
    is_new = organisation.pk is None
    organisation.full_clean()
    organisation.save()
    if changes and not is_new:
        log(organisation, "members.contacts", user=by, data={"changes": changes})
    return organisation


def _person(name: str, email: str) -> PersonData:
    last, _space, first = " ".join(name.split()).partition(" ")
    return PersonData(last_name=last, first_name=first, email=email)


def _send(
    kind: str, application: Application, *, values: Mapping[str, str], context: Mapping[str, Any] | None = None
) -> None:
    """Write to the municipality by its own name: the record of a mail outlives whom the application names."""
    mail_enqueue(
        kind=kind,
        language=application.language,
        context=context,
        recipients=[Recipient(application.email, application.name, values=values)],
    )
