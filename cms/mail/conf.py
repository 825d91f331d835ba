"""What other apps declare to this room in their app configs, and the room's own settings with their units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

from cms.plugin_api import is_owner_on
from cms.plugin_api.registry import owner_of_name

from .enums import Urgency

OF_A_LIBRARY = "other"
"""The kind of what is mailed through `django.core.mail`."""

STANDARD_PLACEHOLDERS = ("recipient_name", "recipient_address", "unsubscribe_url")
"""Filled by the outbox itself, for every message that is made from a template or names them."""

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240))
"""How long a deferred delivery waits before its next try; the last one repeats."""

GIVE_UP_AFTER = timedelta(hours=24)
"""How long after the first deferral a delivery fails."""

HOLD_FOR = timedelta(minutes=5)
"""How long a delivery of a plugin that is off is left alone, before it is looked at again."""

LONGEST_TURN = timedelta(minutes=1)
"""The slowest pace of a domain. What rests for longer does so because the clock was set back, and is free."""

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a delivery is due that is not to wait: in the past of every clock, so that one set back holds nothing up."""

CLOCK_TOLERANCE = timedelta(hours=1)
"""By how much the clocks of several machines may differ. What is further ahead than it can be was written before the
clock was set back."""

RETURN_AFTER = timedelta(minutes=1)
"""How long a delivery waits that never reached the mail server."""


@dataclass(frozen=True)
class MailKind:
    """A mail that an app sends, declared as `mail_kinds = (MailKind(…),)` in its app config.

    `template` is the path of three templates without their endings: `.subject.txt`, `.txt` and `.html`; a theme may
    override each. `context` names what all recipients share, with sample values for the preview; `placeholders` names
    what differs, likewise. Nobody unsubscribes from an `official` mail; each person may turn off others. `told` says
    when a person gets it, for their settings; without it, it is not listed there. Of a `confidential` one nobody
    reads the body in the admin, and it is erased within minutes of being sent: it lets its reader in.
    """

    slug: str
    label: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    placeholders: Mapping[str, str | Promise] = field(default_factory=dict)
    urgency: Urgency = Urgency.NORMAL
    official: bool = True
    confidential: bool = False
    told: str | Promise = ""


@dataclass(frozen=True)
class CodePurpose:
    """What a printed code is for, declared as `code_purposes = (CodePurpose(…),)` in an app config.

    After a good code the person is led to the address named `view`, where the code is used up by what they do there.
    `outcome` is the dotted path of a function that takes a `Code` which was used or withdrawn, and returns the sentence
    that says what came of it; where that is empty, or there is none, its reader only learns that it is spent.
    """

    slug: str
    label: str | Promise
    view: str
    lifetime: timedelta
    outcome: str = ""


def _declared(attribute: str) -> Iterator[Any]:
    for config in apps.get_app_configs():
        yield from getattr(config, attribute, ())


def mail_kinds() -> dict[str, MailKind]:
    """Return every declared kind of mail by its slug."""
    return {kind.slug: kind for kind in _declared("mail_kinds")}


def offered_kinds() -> dict[str, MailKind]:
    """Return the kinds of mail that are sent now: those of the core and of plugins that are on."""
    return {slug: kind for slug, kind in mail_kinds().items() if is_owner_on(owner_of_name(slug))}


def code_purposes() -> dict[str, CodePurpose]:
    """Return every declared purpose of a code by its slug."""
    return {purpose.slug: purpose for purpose in _declared("code_purposes")}


def message_id_domain() -> str:
    """Return what stands right of the @ in new Message-IDs: a setting, or the site's host."""
    return settings.MAIL_MESSAGE_ID_DOMAIN or urlsplit(settings.BASE_URL).hostname or "localhost"


def return_path_is_keyed() -> bool:
    """Whether a genuine report comes back to an address that names its delivery, so that none can do without."""
    return "{key}" in str(settings.MAIL_RETURN_PATH)


def smtp_timeout() -> float:
    """Return for how many seconds a worker waits for the mail server at each step."""
    return float(settings.MAIL_SMTP_TIMEOUT)


def lease() -> timedelta:
    """Return for how long a claim holds. Afterwards a person may decide to send the delivery once more."""
    return timedelta(seconds=10 * smtp_timeout())


def dialogue_margin() -> timedelta:
    """Return how long before its lease ends a worker completes no message any more: the reply takes time, too."""
    return timedelta(seconds=2 * smtp_timeout())
