from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExtractionState(TextChoices):
    """What became of the text inside a document."""

    WAITING = "waiting", _("Waiting to be read")
    DONE = "done", _("Can be found by its text")
    EMPTY = "empty", _("Holds no text, such as a scan")
    PROTECTED = "protected", _("Protected by a password")
    UNREADABLE = "unreadable", _("Cannot be read")
    TOO_LARGE = "too_large", _("Too large")
    TIMED_OUT = "timed_out", _("Took too long to read")
    UNSUPPORTED = "unsupported", _("Not a type whose text is read")
