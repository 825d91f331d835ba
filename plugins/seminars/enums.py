"""The words that a seminar's record chooses from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Listed(TextChoices):
    """Which seminars a list on a page shows."""

    COMING = "coming", _("To come")
    LATEST = "latest", _("Held most recently")


class HostRole(TextChoices):
    """What an organisation is to a seminar."""

    HOST = "host", _("Host")
    CO_HOST = "co_host", _("Co-host")
    SUPPORTER = "supporter", _("Supported by")
    COOPERATION = "cooperation", _("In cooperation with")


class TalkKind(TextChoices):
    """What kind of item a programme lists."""

    LECTURE = "lecture", _("Lecture")
    KEYNOTE = "keynote", _("Keynote")
    CASE = "case", _("Case report")
    PANEL = "panel", _("Panel discussion")


class AttendanceMeaning(TextChoices):
    """What a total counts: a person in both sessions twice, or once."""

    CUMULATIVE = "cumulative", _("cumulative: one person in two sessions counts twice")
    UNIQUE = "unique", _("people: one person counts once")


class SeminarPhase(TextChoices):
    """The filter on the index: what is still to come, and what is over."""

    UPCOMING = "upcoming", _("Upcoming")
    PAST = "past", _("Past")
