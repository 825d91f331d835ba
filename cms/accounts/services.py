"""What happens to accounts."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.calendar import today
from cms.mail.services.codes import code_create, code_url, codes_use
from cms.mail.services.messages import Recipient, mail_enqueue
from cms.plugin_api import HandedOver

from .models import User
from .querysets import permission_name

RENAME = "accounts.rename"
PASSWORD_RESET = "accounts.password_reset"  # noqa: S105  the name of a mail and of what its codes are for


def absolute_url(*, path: str) -> str:
    """Return the address of `path` on the configured host, never on the one that a request claims."""
    return urljoin(settings.BASE_URL, path)


def password_reset_path(*, person: User) -> str:
    """Return where this person, and only once, chooses a new password."""
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


def password_reset_url(*, person: User) -> str:
    """Return the link to it that is mailed."""
    return absolute_url(path=password_reset_path(person=person))


@transaction.atomic
def password_reset_mail_send(*, email: str, language: str) -> int:
    """Send one mail that lists every active ID of that address with its link and its code; return how many it lists.

    Whose invitation waits, ran out or was withdrawn gets neither link nor code (`choosing_passwords()`): the mail says
    whom to ask for a new invitation. Nothing is sent to an unknown address: it would let anybody write to anybody in
    the association's name.
    """
    found = list(User.objects.active().with_email(email).order_by("username"))
    if not found:
        return 0
    people = list(User.objects.choosing_passwords().filter(pk__in=[one.pk for one in found]).order_by("username"))
    mail_enqueue(
        kind=PASSWORD_RESET,
        context={
            "accounts": [_reset_account(person) for person in people],
            "some_never_came": len(people) < len(found),
            "code_url": code_url(),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        },
        language=language,
        # To the stored address: the typed one may differ by letters that only look alike.
        recipients=[Recipient(found[0].email)],
    )
    return len(people)


def _reset_account(person: User) -> dict[str, str]:
    _code, printed = code_create(purpose=PASSWORD_RESET, person=person)
    return {
        "login_id": person.username,
        "name": person.display_name,
        "url": password_reset_url(person=person),
        "code": printed,
    }


def password_reset_codes_use(*, person: User) -> int:
    """Use up every code by which this person could choose another password; return how many."""
    return codes_use(purpose=PASSWORD_RESET, person=person)


def sessions_end(*, sessions: QuerySet[UserSession]) -> int:
    """End these sessions: their rows go, and with them whatever they kept. Return how many there were."""
    found = list(sessions)
    for session in found:
        SessionStore(session.session_key).delete()
        session.delete()
    return len(found)


def departed_sessions_end() -> int:
    """End the sessions of who has left their seat or whose account is closed; return how many there were.

    Access has ended without it, at the first request of the day (`SeatBackend`); this leaves nothing lying about.
    """
    departed = User.objects.departed_on(today()).values("pk")
    return sessions_end(sessions=UserSession.objects.filter(Q(user__in=departed) | Q(user__is_active=False)))


class _TriedError(Exception):
    """Undoes what was only tried."""


def desk_plan(*, person: User, to: User, by: User) -> Sequence[HandedOver]:
    """Work out what handing a desk over would move, by doing it and undoing it. Raises `ValidationError`."""
    lines: Sequence[HandedOver] = ()
    try:
        with transaction.atomic():
            lines = desk_hand_over(person=person, to=to, by=by)
            raise _TriedError
    except _TriedError:
        return lines


@transaction.atomic
def desk_hand_over(*, person: User, to: User, by: User) -> Sequence[HandedOver]:
    """Pass on what somebody of the secretariat has in hand, rights included; return what that was.

    Every app says by `hand_over_desk` what waits for a person there. What is done stays in the name of who did it, and
    both histories say what was handed over. Raises `ValidationError` where there is nothing, or nobody to take it.
    """
    if person == to:
        raise ValidationError(_("A desk is handed over to somebody else, not to oneself."))
    locked = {one.pk: one for one in User.objects.select_for_update().filter(pk__in=[person.pk, to.pk]).order_by("pk")}
    leaving, taking = locked[person.pk], locked[to.pk]
    if not taking.is_active:
        raise ValidationError(_("%(person)s can't log in. Please choose somebody else.") % {"person": taking})
    lines: list[HandedOver] = []
    for config in apps.get_app_configs():
        hand_over = getattr(config, "hand_over_desk", None)
        if hand_over is not None:
            lines += [line for line in hand_over(leaving, taking) if line.names]
    if not lines:
        raise ValidationError(_("%(person)s has nothing to hand over.") % {"person": leaving})
    names = {"from": str(leaving), "from_id": leaving.pk, "to": str(taking), "to_id": taking.pk}
    data = {**names, "what": {str(line.label): len(line.names) for line in lines}}
    for one in (leaving, taking):
        log(one, "accounts.desk_handover", user=by, data=data)
    return lines


def name_keep(*, person: User, name: str) -> None:
    """Keep in the person's own history what they were called until now, for whoever forgets them some day.

    Nothing where the name is the same. Wagtail knows who is at work.
    """
    if name and name != person.get_full_name():
        log(person, RENAME, data={"name": name})


def rights_hand_over(*, person: User, to: User) -> Sequence[HandedOver]:
    """Pass on the groups and permissions of an editor: with them go the approvals that wait for these groups."""
    groups = list(person.groups.all())
    permissions = list(person.user_permissions.select_related("content_type"))
    to.groups.add(*groups)
    to.user_permissions.add(*permissions)
    person.groups.clear()
    person.user_permissions.clear()
    return [
        HandedOver(_("Groups, with the approvals that wait for them"), [group.name for group in groups]),
        HandedOver(_("Permissions of the person"), [permission_name(one) for one in permissions]),
    ]
