"""Says at start what is wrong with the configuration of the frame."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

# RFC 9116, 2.5.3: an address must be a URI, and a web page must be https. A bare mail address becomes a mailto: URI.
CONTACT = re.compile(r"(https://[^\s/]+\S*|tel:[+\d-]+|(mailto:)?[^\s@:/]+@[^\s@:/]+)")


@register
def check_security_contact(**kwargs: Any) -> list[CheckMessage]:
    """Check that SECURITY_CONTACT, where it is set, is something that security.txt may name."""
    contact = settings.SECURITY_CONTACT
    if not contact or CONTACT.fullmatch(contact):
        return []
    sentence = f"SECURITY_CONTACT is “{contact}”, but must be a mail address, an https:// page or a tel: number."
    return [Error(sentence, id="site.E001")]
