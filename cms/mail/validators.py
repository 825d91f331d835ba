"""Rules for what goes into a message: addresses, headers, placeholders."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .mime import PLACEHOLDER, single_line

LOCAL_PART_OCTETS = 64
ADDRESS_OCTETS = 254
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,69}")
OWN_HEADERS = frozenset(
    {
        "from", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version", "auto-submitted", "reply-to",
        "sender", "return-path", "list-id", "list-unsubscribe", "list-unsubscribe-post", "content-type",
        "content-transfer-encoding",
    }
)  # fmt: skip
"""What the outbox writes itself, so that nobody sets it twice."""


def normalise_address(value: str) -> str:
    """Return a mail address in half-width characters without outer spaces; the case of its letters stays."""
    return unicodedata.normalize("NFKC", value).strip()


def address_problem(address: str) -> str:
    """Say in a sentence why an address can't be mailed, or nothing if it can.

    Addresses that telephone companies once gave out break RFC 5322 (`a..b@docomo.ne.jp`): they are kept in the
    register and explained here, because a mail server may refuse a whole session for one of them.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        return gettext("An address has the form name@example.jp.")
    if not local.isascii():
        return gettext("The part before the @ holds characters other than Latin letters, digits and signs.")
    if ".." in local or local.startswith(".") or local.endswith("."):
        return gettext(
            "The part before the @ has two dots in a row, or begins or ends with one. Mail servers refuse this; please "
            "ask for another address."
        )
    if len(local) > LOCAL_PART_OCTETS or len(address) > ADDRESS_OCTETS:
        return gettext("The address is longer than mail servers take.")
    try:
        EmailValidator()(ascii_address(address))
    except (ValidationError, UnicodeError):
        return gettext("This is not a mail address: something in it is not allowed.")
    return ""


def mailing_problem(address: str) -> str:
    """Say why nothing can be mailed to somebody, also where no address is known."""
    return address_problem(address) if address else gettext("No mail address is known. Please telephone.")


def ascii_address(address: str) -> str:
    """Return the address as it goes over the wire: a Japanese domain in its ASCII form (RFC 5891)."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def validate_single_line(value: str) -> None:
    """Refuse line breaks and control characters, with which a header of its own could be smuggled in."""
    if single_line(value) != value.strip():
        raise ValidationError(_("This must be one line, without line breaks and control characters."), code="header")


def validate_headers(headers: Mapping[str, str]) -> None:
    """Refuse header names that are malformed or the outbox's own, and values with line breaks."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
            raise ValidationError(_("%(name)s is not a header that can be set."), code="header", params={"name": name})
        validate_single_line(str(value))


def validate_placeholders(source: str, known: Collection[str] | Mapping[str, str | Promise]) -> None:
    """Refuse `{{something}}` that is not in the closed list, because it would be mailed as it stands."""
    unknown = sorted(set(PLACEHOLDER.findall(source)) - set(known))
    if unknown:
        raise ValidationError(
            _("Unknown placeholder: %(unknown)s. You can use: %(known)s."),
            code="placeholder",
            params={
                "unknown": ", ".join(f"{{{{{name}}}}}" for name in unknown),
                "known": ", ".join(f"{{{{{name}}}}}" for name in known) or "–",
            },
        )
