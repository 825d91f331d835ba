"""Ways out of the machine, and the one that stays on it. The setting MAIL_TRANSPORT names the class."""

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Outcome, OutcomeKind, Transport

__all__ = ["Outcome", "OutcomeKind", "Transport", "transport_open"]


def transport_open() -> Transport:
    """Return a new transport of the configured kind. It connects at its first delivery."""
    transport: Transport = import_string(settings.MAIL_TRANSPORT)()
    return transport
