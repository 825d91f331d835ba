"""Takes a person out of everything that is kept, and leaves what they wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from cms.accounts.models import Affiliation, User
from cms.accounts.services import RENAME, sessions_end
from cms.calendar import today
from cms.plugin_api import Impact
from cms.plugin_api.models import PluginToggle

if TYPE_CHECKING:
    from collections.abc import Iterator


def names_of(*, person: User) -> set[str]:
    """Return the full names of a person: the one of today, and those that were corrected."""
    corrected = _own_history(person).filter(action=RENAME).values_list("data__name", flat=True)
    return {name for name in corrected if name} | ({person.get_full_name()} if person.last_name else set())


def is_name_of(*, names: Set[str], text: str) -> bool:
    """Whether a text is one of a person's full names, however it is spaced."""
    return "".join(text.split()) in {"".join(name.split()) for name in names}


def history_forget(*, entries: QuerySet[Any], person: User, names: Set[str], neutral_name: str) -> int:
    """Put the neutral name into entries of a log that name the person; return how many did.

    Where an entry keeps whom it names (`person_id` beside `person`) that decides, whatever they were called then;
    without it one of `names` does. `entries` may hold more than what names them.
    """
    changed = []
    for entry in entries.iterator():
        named = {key for key, value in entry.data.items() if _is_named(person, names, key, value, entry.data)}
        if named:
            entry.data = {**entry.data, **dict.fromkeys(named, neutral_name)}
            changed.append(entry)
    entries.model.objects.bulk_update(changed, ["data"], batch_size=500)
    return len(changed)


def _is_named(person: User, names: Set[str], key: str, value: object, data: Mapping[str, Any]) -> bool:
    if not isinstance(value, str):
        return False
    kept = data.get(f"{key}_id")
    return kept == person.pk if kept is not None else is_name_of(names=names, text=value)


class _TriedError(Exception):
    """Undoes what was only tried."""


def erasure_obstacle(*, person: User, by: User) -> str:
    """Say in a sentence why a person can't be erased; nothing where they can."""
    if person == by:
        return _("Nobody erases themselves. Please ask another administrator.")
    if person.is_superuser:
        return _("This is an administrator. Take that right away first.")
    held = Affiliation.objects.of_person(person).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today()))
    row = held.select_related("seat__organisation").first()
    if row is not None:
        words = {"person": person, "seat": row.seat}
        return _("%(person)s holds or takes the seat %(seat)s. Hand it over or end it first.") % words
    return ""


def erasure_plan(*, person: User, by: User) -> Sequence[Impact]:
    """Work out what erasing would do, by doing it and undoing it. Raises `ValidationError` with the obstacle."""
    lines: Sequence[Impact] = ()
    try:
        with transaction.atomic():
            lines = person_erase(person=person, by=by)
            raise _TriedError
    except _TriedError:
        return lines


@transaction.atomic
def person_erase(*, person: User, by: User) -> Sequence[Impact]:
    """Erase a person: nobody logs in any more, and no name or address is left. Return what was done, in numbers.

    The account stays as an empty shell, so that what was written keeps organisation and role. Raises `ValidationError`
    with the obstacle; where any app fails, nothing is written.
    """
    stored = User.objects.select_for_update().get(pk=person.pk)
    if obstacle := erasure_obstacle(person=stored, by=by):
        raise ValidationError(obstacle)
    lines = list(_erase(stored))
    log(stored, "privacy.erase", user=by)
    return [line for line in lines if line.count]


def _erase(person: User) -> Iterator[Impact]:
    with translation.override(settings.LANGUAGE_CODE):
        neutral_name = _("A former contact")
    for config in apps.get_app_configs():
        erase = getattr(config, "erase_person", None)
        if erase is not None:
            yield from erase(person, neutral_name=neutral_name)
    PluginToggle.objects.filter(by=person).update(by_name=neutral_name)
    yield Impact(_("Sessions that end"), sessions_end(sessions=UserSession.objects.filter(user=person)))
    yield Impact(_("Second factors"), Authenticator.objects.filter(user=person).delete()[0])
    yield Impact(_("Entries of the history that name the person"), _history(person, neutral_name))
    _empty(person, neutral_name)
    yield Impact(_("Accounts that are emptied"), 1)


def _history(person: User, neutral_name: str) -> int:
    """Empty the person's own entries, and take the name out of those of desks and pages that were handed over."""
    names = names_of(person=person)
    own = _own_history(person).update(label=neutral_name, data={})
    desks = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), action="accounts.desk_handover"
    )
    pages = PageLogEntry.objects.filter(action="pages.handover")
    return own + sum(
        history_forget(entries=one, person=person, names=names, neutral_name=neutral_name) for one in (desks, pages)
    )


def _own_history(person: User) -> QuerySet[ModelLogEntry]:
    people = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User))
    return people.filter(object_id=str(person.pk))


def _empty(person: User, neutral_name: str) -> None:
    person.username = f"erased-{person.pk}"
    person.last_name, person.first_name, person.email = neutral_name, "", ""
    person.is_active = person.is_staff = False
    person.last_login = None
    person.set_unusable_password()
    person.save()
    person.groups.clear()
    person.user_permissions.clear()
