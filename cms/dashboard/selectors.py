"""What the admin's home says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.contrib.auth.models import AbstractUser

from cms.contact.contrib import to_dos as contact_to_dos
from cms.mail.contrib import to_dos as mail_to_dos
from cms.pages.contrib import to_dos as page_to_dos
from cms.plugin_api.points import ToDo, to_dos
from cms.search.contrib import to_dos as search_to_dos

CORE: tuple[Callable[[AbstractUser], Iterable[ToDo]], ...] = (page_to_dos, contact_to_dos, mail_to_dos, search_to_dos)
"""The rooms of the core that have something to say, the most pressing first."""


def to_dos_of(user: AbstractUser) -> list[ToDo]:
    """Return what this person has to see to: first what has a day, then the core's, then the plugins'."""
    said = [item for room in CORE for item in room(user)] + to_dos.collect(user)
    return sorted((item for item in said if item.count), key=lambda item: item.due or date.max)
