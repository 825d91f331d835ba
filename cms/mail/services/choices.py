"""Which mails a person wants: those that are not official may be turned off, by each person for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cms.mail.conf import MailKind, mail_kinds
from cms.mail.models import DeclinedKind
from cms.plugin_api import is_enabled
from cms.plugin_api.registry import get_plugin

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


@dataclass(frozen=True)
class Choice:
    """A kind of mail, and whether the person gets it."""

    kind: MailKind
    wanted: bool


def choices_url() -> str:
    """Return the absolute address of a person's settings."""
    return f"{settings.BASE_URL}{reverse('mail:choices')}"


def is_official(*, kind: str) -> bool:
    """Whether nobody may turn a kind off. What no installed app declares is official: it was asked for."""
    declared = mail_kinds().get(kind)
    return declared is None or declared.official


def choices_of(*, person: AbstractUser) -> list[Choice]:
    """Return the kinds of mail that the person may get, those first that may be turned off."""
    declined = set(DeclinedKind.objects.filter(person_id=person.pk).values_list("kind", flat=True))
    kinds = sorted(_kinds_told(), key=lambda kind: kind.official)
    return [Choice(kind, kind.official or kind.slug not in declined) for kind in kinds]


@transaction.atomic
def choices_set(*, person: AbstractUser, wanted: Collection[str]) -> None:
    """Keep which of the kinds that may be turned off the person wants. Others stay as they were."""
    for kind in _kinds_told():
        if kind.official:
            continue
        if kind.slug in wanted:
            DeclinedKind.objects.filter(person_id=person.pk, kind=kind.slug).delete()
        else:
            DeclinedKind.objects.get_or_create(person_id=person.pk, kind=kind.slug)


def _kinds_told() -> Iterator[MailKind]:
    for kind in mail_kinds().values():
        slug = kind.slug.partition(".")[0]
        if kind.told and (get_plugin(slug) is None or is_enabled(slug)):
            yield kind
