"""Rules for what an announcement may say."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LINK = re.compile(r"(/(?!/)|https?://)\S+|/")


def validate_link(value: str) -> None:
    """Take an address of this site or of the web; no script, and nothing that leaves the reader's site unseen."""
    if not _LINK.fullmatch(value):
        raise ValidationError(
            _("An address begins with / (this site), https:// or http:// and has no spaces."), code="link"
        )
