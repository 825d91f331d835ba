"""Chainable reads. A period includes its first day and excludes its end."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, NullIf

from cms.accounts.models import Affiliation
from cms.calendar.clock import at_tokyo
from cms.calendar.spans import SpanQuerySet, in_force

from .enums import ApplicationState, ClaimState, Office, RosterAnswer

LATE_FOR = dt.timedelta(days=60)
"""How long after its deadline a roster confirmation is answered: what comes late is worth more than nothing."""


class DirectoryEntryQuerySet(QuerySet[Any]):
    """Reads of who lets themselves be found."""

    def of_organisations(self, organisations: Iterable[Any], on: dt.date) -> Self:
        """Keep the people who hold a seat of one of these organisations on that day."""
        seated = Affiliation.objects.in_charge_on(on).filter(organisation__in=organisations)
        return self.filter(person__in=seated.values("person"))


class OfOrganisationQuerySet(SpanQuerySet):
    """Reads of what an organisation has for a time."""

    def active_on(self, date: dt.date) -> Self:
        """Keep those in force on that day whose organisation exists then: what is merged away is no member."""
        return super().active_on(date).filter(in_force(date, "organisation__valid_from", "organisation__valid_to"))


class MembershipQuerySet(OfOrganisationQuerySet):
    """Reads of memberships."""


class OfficerTermQuerySet(OfOrganisationQuerySet):
    """Reads of terms in office."""

    def held(self) -> Self:
        """Say of each as `over_on` the first day on which it is over, None while it goes on.

        It ends at the latest with the organisation, and with the membership: who left has no office, whatever is
        entered. Memberships of which one continues the other on the same day are one. A term without membership is
        kept, as rosters from before the register are; one that begins after the organisation was closed is left out.
        """
        memberships = apps.get_model("members", "Membership").objects.filter(organisation=OuterRef("organisation"))
        left = memberships.exclude(Exists(memberships.filter(starts_on=OuterRef("ends_on"))))
        left_on = left.filter(ends_on__gt=OuterRef("starts_on")).order_by("ends_on").values("ends_on")[:1]
        never = Value(dt.date.max, DateField())  # SQLite's least of a day and nothing is nothing
        ends = [Coalesce(end, never) for end in (F("ends_on"), F("organisation__valid_to"), Subquery(left_on))]
        begun = self.alias(earliest_end=Least(*ends)).filter(earliest_end__gt=F("starts_on"))
        return begun.annotate(over_on=NullIf("earliest_end", never))

    def held_in(self, starts_on: dt.date, ends_on: dt.date) -> Self:
        """Keep those of `held` that share at least one day with the period."""
        return self.held().filter(Q(over_on__gt=starts_on) | Q(over_on__isnull=True), starts_on__lt=ends_on)

    def in_order_of_office(self) -> Self:
        """Order as a roster does: chair, vice-chairs, officers; within an office by beginning and code."""
        places = [When(office=office, then=Value(place)) for place, office in enumerate(Office)]
        place = Case(*places, default=Value(len(places)), output_field=IntegerField())
        return self.annotate(place=place).order_by("place", "starts_on", "organisation__code", "pk")


class InvitationQuerySet(QuerySet[Any]):
    """Reads of invitations."""

    def unsettled(self) -> Self:
        """Keep what was neither accepted nor withdrawn."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open_at(self, at: dt.datetime) -> Self:
        """Keep what can be accepted at that moment."""
        return self.unsettled().filter(expires_at__gt=at)


class ApplicationQuerySet(QuerySet[Any]):
    """Reads of applications."""

    def to_decide(self) -> Self:
        """Keep those that wait for the secretariat."""
        return self.filter(state=ApplicationState.OPEN)

    def undecided(self) -> Self:
        """Keep those that count and have not been decided."""
        return self.filter(state__in=[ApplicationState.OPEN, ApplicationState.ASKED])

    def received_since(self, moment: dt.datetime) -> Self:
        """Keep those that came in after a moment."""
        return self.filter(received_at__gt=moment)


class SeatClaimQuerySet(QuerySet[Any]):
    """Reads of claims of seats."""

    def counting(self) -> Self:
        """Keep those whose mail address was confirmed: the others are nobody's business."""
        return self.exclude(state=ClaimState.UNCONFIRMED)

    def to_decide(self) -> Self:
        """Keep those that wait for the secretariat."""
        return self.filter(state=ClaimState.OPEN)

    def received_since(self, moment: dt.datetime) -> Self:
        """Keep those that came in after a moment."""
        return self.filter(received_at__gt=moment)


class HandoverQuerySet(QuerySet[Any]):
    """Reads of hand-overs."""

    def standing_from(self, date: dt.date) -> Self:
        """Keep what comes into force on that day or later and is not cancelled."""
        return self.filter(cancelled_at__isnull=True, on__gte=date)

    def pending_on(self, date: dt.date) -> Self:
        """Keep what is announced and has not come yet, and by the days of the seat will come: it can be cancelled."""
        arriving = Affiliation.objects.filter(seat=OuterRef("seat"), person=OuterRef("successor"), starts_on__gt=date)
        return self.filter(Exists(arriving), cancelled_at__isnull=True, on__gt=date)


def _of_member(date: dt.date, organisation: str) -> Q:
    """Return the condition on a row that the organisation it refers to is a member on that day."""
    members = apps.get_model("members", "Membership").objects.active_on(date)
    return Q(**{f"{organisation}__in": members.order_by().values("organisation")})


class RosterRoundQuerySet(QuerySet[Any]):
    """Reads of roster confirmations."""

    def with_figures_on(self, date: dt.date) -> Self:
        """Count the organisations asked, by what they answered; of the silent ones apart who is no member that day."""
        figures = {answer.value: Count("entries", filter=Q(entries__answer=answer)) for answer in RosterAnswer}
        silent, of_member = Q(entries__answer=""), _of_member(date, "entries__organisation")
        return self.annotate(
            total=Count("entries"),
            outstanding=Count("entries", filter=silent & of_member),
            gone=Count("entries", filter=silent & ~of_member),
            **figures,
        )


class RosterEntryQuerySet(QuerySet[Any]):
    """Reads of answers to roster confirmations."""

    def outstanding_on(self, date: dt.date) -> Self:
        """Keep who has not answered and is a member on that day."""
        return self.filter(_of_member(date, "organisation"), answer="")

    def gone_on(self, date: dt.date) -> Self:
        """Keep who has not answered and is no member any more: left, or closed, since the round began."""
        return self.filter(~_of_member(date, "organisation"), answer="")

    def with_gone_on(self, date: dt.date) -> Self:
        """Say of each whether it is among `gone_on`."""
        gone = Q(answer="") & ~_of_member(date, "organisation")
        return self.annotate(is_gone=ExpressionWrapper(gone, output_field=BooleanField()))

    def answerable_at(self, at: dt.datetime) -> Self:
        """Keep who has not answered and still can, for as long as a code lives: also late, and after a reminder."""
        on, since = at_tokyo(at).date(), at_tokyo(at) - LATE_FOR
        return self.outstanding_on(on).filter(Q(round__deadline__gt=since.date()) | Q(asked_at__gt=since))

    def to_enter(self) -> Self:
        """Keep what changes and has not been entered in the register."""
        return self.filter(answer=RosterAnswer.CHANGED, entered_at__isnull=True)
