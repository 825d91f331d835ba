"""Seats of an organisation, and who sits on them when."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.accounts.enums import SeatRole
from cms.accounts.querysets import AffiliationQuerySet, SeatQuerySet
from cms.calendar import format_date
from cms.calendar.spans import Span, runs_forward

from .organisation import Organisation
from .user import User


class Seat(ClusterableModel):
    """A place that an organisation has with the association. It stays when its person changes on 1 April.

    What must survive a hand-over (drafts, subscriptions, group membership) refers to the seat, never to the person.
    A seat never moves to another organisation; the database refuses it once somebody has sat on it.
    """

    organisation = ParentalKey(
        Organisation, on_delete=models.CASCADE, related_name="seats", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=SeatRole.choices)
    label = models.CharField(
        _("note"),
        max_length=50,
        blank=True,
        help_text=_("Tells two seats of the same role apart. Example: システム担当"),
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        # By chance the order of the association's lists: section head, lead, deputy.
        ordering = ["organisation", "-role", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "role", "label"],
                name="accounts_seat_unique",
                violation_error_message=_("The organisation has this seat already. Add a note to tell them apart."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.name}"

    @property
    def name(self) -> Promise:
        """What it is called inside its organisation, in the language of whoever reads it: a mail has its own."""
        return format_lazy("{}{}", lazy(self.get_role_display, str)(), f"（{self.label}）" if self.label else "")


class Affiliation(Span):
    """A person on a seat, from one day until before another.

    Two rules hold in the database (migration `0002_affiliation_no_overlap`): a seat has one person at a time, and a
    person belongs to one organisation at a time (several seats of the same one are fine, as in a small village).
    `organisation` repeats the seat's, because an exclusion constraint cannot look into another table.
    """

    seat = ParentalKey(Seat, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("seat"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="affiliations",
        editable=False,
        verbose_name=_("organisation"),
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="affiliations", verbose_name=_("person"))
    starts_on = models.DateField(_("from"), help_text=_("The first day. Example: 2010-04-01"))
    ends_on = models.DateField(
        _("until before"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is over: the day the successor begins. Example: 2012-04-01"),
    )

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        # Oldest first, which is also the order in which a form saves them: one ends before the next begins.
        ordering = ["starts_on", "pk"]
        constraints = [runs_forward("accounts_affiliation_period_forward")]

    def __str__(self) -> str:
        return f"{self.person} – {self.seat}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Copy the organisation from the seat."""
        self.organisation_id = self.seat.organisation_id
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "organisation"}
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Copy the organisation from the seat before it is found missing."""
        if self.seat_id:
            self.organisation_id = self.seat.organisation_id
        super().clean_fields(exclude=exclude)

    def conflict_with(self, other: Affiliation) -> ValidationError | None:
        """Say in a sentence why both cannot stand, or None if they can."""
        if self == other or not self.overlaps(other):
            return None
        params = {"person": other.person, "seat": other.seat, "from": format_date(other.starts_on, weekday=False)}
        if self.seat == other.seat:
            message = _("%(person)s holds this seat from %(from)s. Enter the day on which that ends first.")
            return ValidationError(message, code="seat_taken", params=params)
        if self.person_id == other.person_id and self.seat.organisation_id != other.seat.organisation_id:
            message = _("%(person)s belongs to another organisation at that time: %(seat)s, from %(from)s.")
            return ValidationError(message, code="second_organisation", params=params)
        return None

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Also check the two rules that only the database knows, so that a person reads a sentence."""
        super().validate_constraints(exclude=exclude)
        # Inside the organisation's form the rows are compared as they will be, by `OrganisationForm`.
        if exclude and "seat" in exclude:
            return
        rivals = Affiliation.objects.filter(Q(seat_id=self.seat_id) | Q(person_id=self.person_id))
        rivals = rivals.overlapping(self.starts_on, self.ends_on).exclude(pk=self.pk)
        for rival in rivals.select_related("person", "seat__organisation"):
            if conflict := self.conflict_with(rival):
                raise conflict
