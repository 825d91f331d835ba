"""Finds mail settings with which something would not arrive or not be read."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  Django's name

from cms.plugin_api.registry import installed_plugins, owner_of_name

from .conf import mail_kinds
from .services.webhooks import webhook_services
from .validators import address_problem

CODE_ADDRESS_CHARACTERS = 40


@register()
def check_code_address_is_short(**kwargs: Any) -> list[CheckMessage]:
    """The address of the code page is typed by hand from a printed mail."""
    address = f"{settings.BASE_URL}/code/"
    if address.isascii() and len(address) <= CODE_ADDRESS_CHARACTERS:
        return []
    return [
        Warning(
            f"{address} has {len(address)} characters; people type it from a printed mail.",
            hint=f"Choose a BASE_URL with which it has at most {CODE_ADDRESS_CHARACTERS} ASCII characters.",
            id="mail.W001",
        )
    ]


@register()
def check_return_path(**kwargs: Any) -> list[CheckMessage]:
    """A return path that is no address would have every mail refused."""
    pattern = settings.MAIL_RETURN_PATH
    if not pattern or not address_problem(pattern.replace("{key}", "0" * 32)):
        return []
    return [
        Error(
            f"MAIL_RETURN_PATH is '{pattern}', which is no mail address.",
            hint="It looks like bounce@example.jp, or bounce+{key}@example.jp where the mailbox takes such addresses.",
            id="mail.E001",
        )
    ]


@register()
def check_bounce_mailbox(**kwargs: Any) -> list[CheckMessage]:
    """The bounce mailbox is read by IMAP."""
    parts = urlsplit(settings.MAIL_BOUNCE_MAILBOX)
    is_mailbox = parts.scheme in {"imap", "imaps"} and parts.hostname and parts.username
    # imaplib takes folder names in ASCII only.
    if not settings.MAIL_BOUNCE_MAILBOX or (is_mailbox and unquote(parts.path).isascii()):
        return []
    return [
        Error(
            "MAIL_BOUNCE_MAILBOX can't be read as a mailbox.",
            hint="It looks like imaps://user:password@mail.example.jp/INBOX, the folder in ASCII.",
            id="mail.E002",
        )
    ]


@register()
def check_webhooks(**kwargs: Any) -> list[CheckMessage]:
    """A webhook without a secret would let anybody suspend anybody's address."""
    service = settings.MAIL_WEBHOOK_SERVICE
    if not service:
        return []
    found: list[CheckMessage] = []
    if service not in webhook_services():
        known = ", ".join(sorted(webhook_services()))
        found.append(Error(f"MAIL_WEBHOOK_SERVICE is '{service}'.", hint=f"It is one of: {known}.", id="mail.E004"))
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        found.append(
            Error(
                "MAIL_WEBHOOK_SERVICE is set, but MAIL_WEBHOOK_SECRET is not: anybody could report bounces.",
                hint="Set it to user:password, and put the same into the address given to the service.",
                id="mail.E005",
            )
        )
    return found


@register()
def check_kinds_of_plugins(**kwargs: Any) -> list[CheckMessage]:
    """By its name a kind is known to be a plugin's, and is neither sent nor shown while that is off."""
    return [
        Error(
            f"The plugin '{plugin.slug}' has a mail kind '{kind.slug}'.",
            hint=f"Call it '{plugin.slug}.…'.",
            id="mail.E006",
        )
        for plugin in installed_plugins()
        for kind in getattr(plugin, "mail_kinds", ())
        if owner_of_name(kind.slug) != plugin.slug
    ]


@register()
def check_kinds(**kwargs: Any) -> list[CheckMessage]:
    """A placeholder of a kind must not hide what all recipients share."""
    return [
        Error(
            f"The mail kind '{kind.slug}' has {', '.join(sorted(both))} both in its context and as a placeholder.",
            id="mail.E003",
        )
        for kind in mail_kinds().values()
        if (both := set(kind.context) & set(kind.placeholders))
    ]
