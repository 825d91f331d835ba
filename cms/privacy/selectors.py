"""What is kept about a person, by every installed app that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import ModelLogEntry, PageLogEntry

from cms.accounts.models import Affiliation
from cms.calendar import at_tokyo, format_date, format_time
from cms.plugin_api import PersonalRecords

if TYPE_CHECKING:
    import datetime as dt

    from cms.accounts.models import User


def personal_data(person: User) -> Iterator[PersonalRecords]:
    """Yield everything that is kept about a person, place by place. Passwords and secrets are left out."""
    yield PersonalRecords("account", _("Account"), [_account(person)])
    yield PersonalRecords("seats", _("Seats"), [_seat(row) for row in _affiliations(person)])
    sessions = UserSession.objects.filter(user=person).order_by("-created_at")
    yield PersonalRecords("sessions", _("Where you are logged in"), [_session(one) for one in sessions])
    for config in apps.get_app_configs():
        yield from getattr(config, "personal_data", _nothing)(person)
    yield PersonalRecords("actions", _("What you did in the administration"), list(_actions(person)))


def _nothing(person: User) -> tuple[()]:
    return ()


def moment(at: dt.datetime | None) -> str:
    """Write a moment as the site does."""
    return f"{format_date(at_tokyo(at).date())} {format_time(at)}" if at else ""


def _account(person: User) -> dict[str, str]:
    return {
        _("Login ID"): person.username,
        _("Family name"): person.last_name,
        _("Given name"): person.first_name,
        _("Mail address"): person.email,
        _("Account made"): moment(person.date_joined),
        _("Last login"): moment(person.last_login),
    }


def _affiliations(person: User) -> Any:
    return Affiliation.objects.of_person(person).select_related("organisation", "seat").order_by("starts_on")


def _seat(row: Affiliation) -> dict[str, str]:
    return {
        _("Organisation"): str(row.organisation),
        _("Seat"): f"{row.seat.get_role_display()} {row.seat.label}".strip(),
        pgettext("first day", "From"): format_date(row.starts_on, weekday=False),
        pgettext("seat", "Until before"): format_date(row.ends_on, weekday=False) if row.ends_on else "",
    }


def _session(session: Any) -> dict[str, str]:
    return {
        _("Since"): moment(session.created_at),
        _("IP address"): str(session.ip),
        _("Browser"): session.user_agent,
    }


def _actions(person: User) -> Iterator[dict[str, str]]:
    types = ContentType.objects.all()
    names = {one.pk: str(one.name) for one in types}
    for model in (PageLogEntry, ModelLogEntry):
        for entry in model.objects.filter(user=person).order_by("-timestamp"):
            what = f"{names.get(entry.content_type_id, '')} {entry.label}".strip()
            yield {_("When"): moment(entry.timestamp), _("What"): str(entry.message), _("Of what"): what}
