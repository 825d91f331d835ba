"""Roster confirmations and their answers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from plugins.members.models import (
    RosterEntry,
    RosterRound,
)
from plugins.members.views import roster

from .readonly import IncomingViewSet, ReadOnlyViewSet


class RosterViewSet(ReadOnlyViewSet):
    """The yearly confirmations of the roster."""

    model = RosterRound
    name = "members_rosters"
    icon = "tasks"
    menu_label = _("Roster confirmation")
    index_view_class = roster.RoundListView


class RosterEntryViewSet(IncomingViewSet):
    """What the organisations answered."""

    model = RosterEntry
    name = "members_roster_entries"
    icon = "tasks"
    menu_label = _("Answers to roster confirmations")
    index_view_class = roster.EntryListView
    list_export = [
        "round",
        "organisation.code",
        "organisation",
        "organisation.telephone",
        "organisation.email",
        "answer_words",
        "note",
        "answered_by_name",
        "answered_at",
        "times_asked",
        "entered_at",
        "entered_by_name",
    ]
    export_filename = "roster"
