"""Official notices to an audience that a plugin knows: who that is, how it looks, sending now or later."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from cms.mail.conf import STANDARD_PLACEHOLDERS
from cms.mail.enums import NoticeState
from cms.mail.mime import Template
from cms.mail.models import Message, Notice, Suppression
from cms.mail.validators import mailing_problem, normalise_address
from cms.plugin_api import HandedOver
from cms.plugin_api.points import Addressee, Audience, audiences

from .messages import Recipient, message_enqueue
from .rendering import RenderedMail, mail_render

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.forms import Form

logger = logging.getLogger("cms.mail")

NOTICE = "mail.notice"
CRITERIA = "criteria"
"""The prefix of an audience's form in the notice's."""
PLACEHOLDERS = ("recipient_name", "recipient_address", "organisation_name")
"""What every notice can use, whatever its audience adds."""


class NoAudienceError(ValidationError):
    """The audience is not there now: its plugin is off, or gives it no more."""

    def __init__(self) -> None:
        super().__init__(_("This audience is not available now. Is the plugin that knows it switched off?"))


@dataclass(frozen=True)
class Reach:
    """Somebody a notice would go to now, and why it could not be mailed, where it can't."""

    addressee: Addressee
    organisation: str
    problem: str


def audiences_offered() -> dict[str, Audience]:
    """Return what the plugins that are on offer, by slug."""
    return {audience.slug: audience for audience in audiences.collect()}


def audience_of(*, notice: Notice) -> Audience:
    """Return the notice's audience. Raises `NoAudienceError`."""
    audience = audiences_offered().get(notice.audience)
    if audience is None:
        raise NoAudienceError
    return audience


def criteria_form(*, audience: Audience, criteria: Mapping[str, Sequence[str]]) -> Form | None:
    """Return the audience's form, bound to what is stored of it."""
    if audience.form is None:
        return None
    return audience.form(MultiValueDict({name: list(values) for name, values in criteria.items()}), prefix=CRITERIA)


def notice_placeholders(*, audience: Audience) -> list[str]:
    """Return the closed list of what can stand in double braces in a notice to this audience."""
    return [*PLACEHOLDERS, *audience.placeholders]


def notice_reach(*, notice: Notice) -> list[Reach]:
    """Return whom the notice would go to now, each once, and what is in the way of whom.

    Raises `NoAudienceError`, and `ValidationError` where the audience can't be narrowed so any more.
    """
    found = _addressees(notice)
    suspended = set(Suppression.objects.active().values_list("address", flat=True))
    names = _organisation_names(found)
    return [Reach(one, names.get(one.organisation_id or 0, ""), _problem(one, suspended)) for one in found]


def _addressees(notice: Notice) -> list[Addressee]:
    audience = audience_of(notice=notice)
    form = criteria_form(audience=audience, criteria=notice.criteria)
    if form is not None and not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    seen: dict[tuple[str, int | None, int | None], Addressee] = {}
    for one in audience.addressees(form.cleaned_data if form else {}):
        key = normalise_address(one.address).lower()
        # Where there is no address, each organisation is one of its own: somebody rings there.
        seen.setdefault((key, one.person_id, None if key else one.organisation_id), one)
    return list(seen.values())


def _organisation_names(addressees: Iterable[Addressee]) -> dict[int, str]:
    wanted = {one.organisation_id for one in addressees if one.organisation_id}
    rows = apps.get_model("accounts", "Organisation")._default_manager.filter(pk__in=wanted)  # noqa: SLF001  Django's public name
    return dict(rows.values_list("pk", "name"))


def _problem(one: Addressee, suspended: set[str]) -> str:
    address = normalise_address(one.address)
    if address.lower() in suspended:
        return _("The address is suspended after a bounce")
    return mailing_problem(address)


def notice_preview(*, notice: Notice, reach: Sequence[Reach] = ()) -> RenderedMail:
    """Render the notice as its first recipient gets it; with sample data where there is none."""
    audience = audience_of(notice=notice)
    rendered = _rendered(notice)
    sample = {
        "recipient_name": "見本 太郎",
        "recipient_address": "taro@example.jp",
        "organisation_name": "見本市",
        **{name: str(value) for name, value in audience.placeholders.items()},
    }
    if reach:
        first = reach[0]
        sample = {**_values(first), "recipient_name": first.addressee.name}
        sample["recipient_address"] = first.addressee.address
    names = notice_placeholders(audience=audience)
    return RenderedMail(
        kind=rendered.kind,
        subject=Template(rendered.subject, names).fill(sample),
        text=Template(rendered.text, names).fill(sample),
        html=Template(rendered.html, names).fill(sample, escape),
    )


def _rendered(notice: Notice) -> RenderedMail:
    return mail_render(kind=NOTICE, context={"notice_subject": notice.subject, "notice_text": notice.text})


def _values(reach: Reach) -> dict[str, str]:
    return {"organisation_name": reach.organisation, **reach.addressee.values}


@transaction.atomic
def notice_release(*, notice: Notice, by: AbstractUser) -> Message | None:
    """Send a draft now, or leave it to the moment that it names; return the message, None where that is later.

    Raises `ValidationError` where it is no draft any more (somebody was faster), or would reach nobody.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if not locked.is_draft:
        raise ValidationError(_("This notice has been sent or scheduled already."))
    locked.confirmed_by_id, locked.confirmed_by_name = by.pk, str(by)
    if locked.due_at is None or locked.due_at <= timezone.now():
        return _send(locked)
    notice_reach(notice=locked)
    locked.state = NoticeState.SCHEDULED
    locked.save(update_fields=["state", "confirmed_by", "confirmed_by_name"])
    return None


@transaction.atomic
def notice_unschedule(*, notice: Notice) -> bool:
    """Take a scheduled notice back: it is a draft again. False where it has been sent."""
    rows = Notice.objects.filter(pk=notice.pk, state=NoticeState.SCHEDULED)
    return bool(rows.update(state=NoticeState.DRAFT, confirmed_by=None, confirmed_by_name=""))


def notices_send_due() -> int:
    """Send the scheduled notices whose moment has come, each once; return how many.

    One whose audience is not there waits, and is shown on the admin's home; it is sent when its plugin is on again.
    """
    return sum(_send_due(pk) for pk in list(Notice.objects.due(timezone.now()).values_list("pk", flat=True)))


def _send_due(pk: int) -> bool:
    try:
        with transaction.atomic():
            notice = Notice.objects.due(timezone.now()).select_for_update().filter(pk=pk).first()
            if notice is None:
                return False
            _send(notice)
    except ValidationError as error:
        logger.warning("Notice %s was not sent: %s", pk, " ".join(error.messages))
        return False
    return True


def _send(notice: Notice) -> Message:
    reach = notice_reach(notice=notice)
    if not any(not one.problem for one in reach):
        raise ValidationError(_("Nobody would get this notice. Please look at its recipients."))
    rendered = _rendered(notice)
    message = message_enqueue(
        kind=NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        reply_to=notice.reply_to,
        placeholders=(*STANDARD_PLACEHOLDERS, *notice_placeholders(audience=audience_of(notice=notice))),
        recipients=(_recipient(one) for one in reach),
        urgency=rendered.kind.urgency,
        created_by=notice.confirmed_by,
    )
    notice.message, notice.state = message, NoticeState.SENT
    notice.save()
    return message


def _recipient(reach: Reach) -> Recipient:
    one = reach.addressee
    return Recipient(one.address, one.name, one.person_id, one.organisation_id, _values(reach))


def notices_hand_over(*, person: AbstractUser, to: AbstractUser) -> Sequence[HandedOver]:
    """Pass on the drafts and the scheduled notices of a person; the names of who wrote and released them stay."""
    unsent = Notice.objects.exclude(state=NoticeState.SENT)
    written, released = unsent.filter(created_by=person.pk), unsent.filter(confirmed_by=person.pk)
    found = {
        state: list(rows.values_list("subject", flat=True))
        for state, rows in (
            (NoticeState.DRAFT, written.filter(state=NoticeState.DRAFT)),
            (NoticeState.SCHEDULED, (written | released).filter(state=NoticeState.SCHEDULED)),
        )
    }
    written.update(created_by=to.pk)
    released.update(confirmed_by=to.pk)
    return [
        HandedOver(_("Notices not sent yet"), found[NoticeState.DRAFT]),
        HandedOver(_("Scheduled notices"), found[NoticeState.SCHEDULED]),
    ]


def criteria_words(*, notice: Notice) -> list[tuple[str, str]]:
    """Say by what the audience was narrowed: labels and values as people read them."""
    audience: Audience | None = audiences_offered().get(notice.audience)
    form = criteria_form(audience=audience, criteria=notice.criteria) if audience else None
    if form is None or not form.is_valid():
        return []
    return [
        (str(form[name].label), _spoken(form.fields[name], value))
        for name, value in form.cleaned_data.items()
        if value not in (None, "", [], False)
    ]


def _spoken(field: Any, value: Any) -> str:
    if value is True:
        return "✓"
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    values = value if isinstance(value, (list, tuple)) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values)
