"""Takes enquiries in, has them answered, and deletes them by rule."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.log_actions import log

from cms.accounts.models import User
from cms.calendar import at_tokyo, format_date, format_time
from cms.mail.services.messages import Recipient, mail_enqueue

from .enums import EnquiryState
from .models import ContactSettings, Enquiry

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

WINDOW = dt.timedelta(minutes=10)
ALLOWED_FROM_ONE_ADDRESS = 20
"""Enquiries within the window. A prefecture's municipalities share one exit, hence not two or three."""
ALLOWED_IN_ALL = 100
RECEIPTS_A_DAY = 3
"""To one mail address: whoever types somebody else's can't fill their mailbox."""
ORIGIN_KEPT = dt.timedelta(days=1)
CHANGE_ENQUIRIES = "contact.change_enquiry"


class EnquiriesThrottledError(Exception):
    """Too many enquiries lately."""


@transaction.atomic
def enquiry_receive(*, enquiry: Enquiry, language: str, origin: str) -> Enquiry:
    """Store an enquiry and queue its mails; both or neither. The same form sent twice is one enquiry.

    `language` is the sender's. Raises `EnquiriesThrottledError`, and then nothing is stored.
    """
    if known := Enquiry.objects.filter(form_token=enquiry.form_token).first():
        return known
    enquiry.origin = salted_hmac("cms.contact.origin", origin, algorithm="sha256").hexdigest()
    _check_rate(enquiry.origin)
    written = Enquiry.objects.received_since(timezone.now() - dt.timedelta(days=1)).filter(email__iexact=enquiry.email)
    receipts = written.count()
    try:
        with transaction.atomic():
            enquiry.save(force_insert=True)
    except IntegrityError:  # the other of two clicks was faster
        return Enquiry.objects.get(form_token=enquiry.form_token)
    _tell_secretariat(enquiry)
    if receipts < RECEIPTS_A_DAY:
        _confirm(enquiry, language)
    return enquiry


def _check_rate(origin: str) -> None:
    lately = Enquiry.objects.received_since(timezone.now() - WINDOW)
    if lately.filter(origin=origin).count() >= ALLOWED_FROM_ONE_ADDRESS or lately.count() >= ALLOWED_IN_ALL:
        raise EnquiriesThrottledError


def _tell_secretariat(enquiry: Enquiry) -> None:
    """Mail it whole; an answer goes to the sender. What they typed is filled in, never read as a template."""
    values = {
        "sender_name": enquiry.name,
        "sender_organisation": enquiry.organisation or "–",
        "sender_address": enquiry.email,
        "sender_telephone": enquiry.telephone or "–",
        "sender_subject": enquiry.subject,
        "sender_text": enquiry.text,
    }
    address = reverse(Enquiry.snippet_viewset.get_url_name("edit"), args=[enquiry.pk])  # type: ignore[attr-defined]  # Wagtail's
    mail_enqueue(
        kind="contact.enquiry",
        context={"number": enquiry.pk, "admin_url": f"{settings.BASE_URL}{address}"},
        recipients=[Recipient(address=address, values=values) for address in secretariat_addresses()],
        reply_to=enquiry.email,
    )


def _confirm(enquiry: Enquiry, language: str) -> None:
    """Say that it arrived, and nothing that was typed: the address may be somebody else's."""
    received = at_tokyo(enquiry.received_at)
    mail_enqueue(
        kind="contact.receipt",
        context={"number": enquiry.pk, "received_at": f"{format_date(received)} {format_time(received)}"},
        recipients=[Recipient(address=enquiry.email)],
        language=language,
        reply_to=next(iter(ContactSettings.load().addresses), ""),
    )


def secretariat_addresses() -> list[str]:
    """Return where enquiries go: the addresses of the settings, else of those who may answer, else administrators."""
    return ContactSettings.load().addresses or _addresses(people_who_answer())


def people_who_answer() -> QuerySet[User]:
    """Return who holds the permission through a group or themselves; administrators where nobody does."""
    backend = "django.contrib.auth.backends.ModelBackend"
    holders = User.objects.with_perm(CHANGE_ENQUIRIES, include_superusers=False, backend=backend).exclude(email="")
    return holders if holders.exists() else User.objects.active().filter(is_superuser=True).exclude(email="")


def _addresses(people: QuerySet[User]) -> list[str]:
    return sorted(set(people.values_list("email", flat=True)))


@transaction.atomic
def enquiries_settle(
    *,
    enquiries: Iterable[Enquiry],
    state: str,
    by: AbstractBaseUser | AnonymousUser,
    note: str | None = None,
) -> int:
    """Put enquiries into a state, write who did it into the history, and return how many changed."""
    rows = Enquiry.objects.select_for_update().filter(pk__in=[enquiry.pk for enquiry in enquiries])
    changed = [row for row in rows if row.state != state or note not in {None, row.note}]
    for row in changed:
        if row.state != state:
            row.state, row.done_at = state, timezone.now() if state == EnquiryState.DONE else None
        row.note = row.note if note is None else note
        row.save(update_fields=["state", "done_at", "note"])
        log(instance=row, action="wagtail.edit", user=by)
    return len(changed)


@transaction.atomic
def enquiries_tidy(*, at: dt.datetime | None = None) -> int:
    """Delete what was answered so many days ago, forget where the rest came from, and return how many were deleted."""
    now = at or timezone.now()
    Enquiry.objects.filter(received_at__lt=now - ORIGIN_KEPT).exclude(origin="").update(origin="")
    days = ContactSettings.load().keep_days
    return Enquiry.objects.done_before(now - dt.timedelta(days=days)).delete()[0]


def new_form_token() -> uuid.UUID:
    """Return what marks one form that was handed out."""
    return uuid.uuid4()
