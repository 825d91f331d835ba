"""Many lines of history in one statement, as an import needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.models import ModelLogEntry

if TYPE_CHECKING:
    from cms.accounts.models import User

Entry = tuple[Model, str, Mapping[str, Any]]


def named(**people: User) -> dict[str, str | int]:
    """Return the data of an entry that names people: `person` as they are called now, and `person_id`.

    By the key they are found again when they are erased, whatever they were called at the time.
    """
    names: dict[str, str | int] = {key: str(person) for key, person in people.items()}
    return names | {f"{key}_id": person.pk for key, person in people.items()}


def history_write(*, entries: Iterable[Entry], by: User | None) -> None:
    """Write into each history what Wagtail's `log` would, which takes several queries a line."""
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        (
            ModelLogEntry(
                content_type=ContentType.objects.get_for_model(subject),
                object_id=str(subject.pk),
                label=str(subject),
                action=action,
                data=dict(data),
                timestamp=now,
                user=by,
                content_changed=True,
            )
            for subject, action, data in entries
        ),
        batch_size=500,
    )
