"""Ways out of the machine, and the one that stays on it. The setting MAIL_TRANSPORT names the class."""

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Outcome, OutcomeKind, Transport

__all__ = ["Outcome", "OutcomeKind", "Transport", "transport_open", "way_out"]


def transport_open() -> Transport:
    """Return a new transport of the configured kind. It connects at its first delivery."""
    return _configured()()


def way_out() -> str:
    """Say where mail goes from here: whoever presses "Send" should know whether it reaches anybody."""
    return _configured().way_out()


def _configured() -> type[Transport]:
    transport: type[Transport] = import_string(settings.MAIL_TRANSPORT)
    return transport
