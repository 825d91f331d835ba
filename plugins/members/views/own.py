"""/members/organisation/: the seats of one's own organisation, and what may be done with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.enums import SeatRole
from cms.accounts.models import Seat
from cms.calendar import today
from plugins.members.forms.seats import EndForm, HandoverForm, NewSeatForm, PersonForm, SeatForm
from plugins.members.models import Handover
from plugins.members.permissions import managed_roles, may_hand_over, may_manage, may_undo
from plugins.members.selectors.people import people_on_seats
from plugins.members.services.handovers import (
    handover_announce,
    handover_authorise,
    handover_cancel,
    pending_handover,
    seat_change,
    seat_end,
    who_may_undo,
)
from plugins.members.services.invitations import invitation_issue, seat_add

from .corner import MemberView


class OwnView(MemberView):
    """Knows which seats of the organisation the person holds today."""

    @cached_property
    def own_seats(self) -> list[Seat]:
        return list(Seat.objects.held_by(self.person, today()).filter(organisation=self.organisation))

    def may_undo(self, seat: Seat, handover: Handover | None) -> bool:
        """Whether the reader may undo what is announced for a seat, if anything is."""
        if handover is None:
            return True
        by, role = handover.announced_by_id, handover.announced_by_role
        return may_undo(self.own_seats, seat, person=self.person, announced_by=by, announced_as=role)


class OrganisationView(OwnView):
    """Every seat, who sits on it, who comes, and what the reader may do about it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        seats = list(Seat.objects.filter(organisation=self.organisation).order_by("-role", "label"))
        people: dict[int, list[Any]] = {seat.pk: [] for seat in seats}
        for row in people_on_seats(today()).filter(organisation=self.organisation).select_related("person"):
            people[row.seat_id].append(row)
        pending = Handover.objects.pending_on(today()).filter(seat__in=seats)
        handovers = {one.seat_id: one for one in pending}
        rows = [
            {
                "seat": seat,
                "people": people[seat.pk],
                "handover": handovers.get(seat.pk),
                "may_undo": self.may_undo(seat, handovers.get(seat.pk)),
                "who_may_undo": who_may_undo(handovers[seat.pk]) if seat.pk in handovers else "",
                "may_manage": may_manage(self.own_seats, seat),
                "may_hand_over": may_hand_over(self.own_seats, seat),
            }
            for seat in seats
        ]
        context = {
            "organisation": self.organisation,
            "rows": rows,
            "may_add": managed_roles(self.own_seats),
            "today": today(),
        }
        return render(request, "members/organisation.html", context)


class SeatAction(OwnView):
    """A form that does one thing to a seat. Another organisation's seat isn't there: 404."""

    template_name = "members/seat_action.html"
    title: Any = ""
    lead: Any = ""
    submit: Any = ""
    seat: Seat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.key = kwargs.pop("pk", None)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        self.look_up()
        return self._page(request, self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.look_up()
        form = self.form(request.POST)
        if form.is_valid():
            try:
                sentence = self.act(form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, sentence)
                return redirect("members:organisation")
        return self._page(request, form, 422)

    def look_up(self) -> None:
        """Find the seat in the reader's own organisation, and ask whether they may."""
        self.seat = get_object_or_404(Seat, pk=self.key, organisation=self.organisation)
        if not self.allowed(self.seat):
            raise PermissionDenied(_("Please ask your section head or the lead contact to do this."))

    def allowed(self, seat: Seat) -> bool:
        """Whether the reader may do this to the seat."""
        return may_manage(self.own_seats, seat)

    def form(self, data: Any = None) -> Any:
        """Return the form, filled with what was typed."""
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """Do it, and return the sentence that says so."""
        raise NotImplementedError

    def _page(self, request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
        seat = getattr(self, "seat", None)
        context = {"form": form, "seat": seat, "title": self.title, "lead": self.lead, "submit": self.submit}
        return render(request, self.template_name, context, status=status)


class InviteView(SeatAction):
    """Puts somebody on an empty seat, or sends a new code to who has not come yet."""

    title = gettext_lazy("Invite somebody to the seat")
    lead = gettext_lazy("A code goes out by mail; it works once, for 14 days. Several people may share an address.")
    submit = gettext_lazy("Invite")

    def form(self, data: Any = None) -> PersonForm:
        return PersonForm(data)

    def act(self, form: PersonForm) -> str:
        invitation_issue(seat=self.seat, person=form.person, by=self.person)
        return _("The invitation is on its way.")


class InviteAgainView(InviteView):
    """Sends a new code to who sits on the seat and has not come yet."""

    title = gettext_lazy("Send a new code")
    lead = gettext_lazy("The code from before goes dead.")
    submit = gettext_lazy("Send")

    def form(self, data: Any = None) -> Any:
        return forms.Form(data)

    def act(self, form: Any) -> str:
        row = people_on_seats(today()).filter(seat=self.seat).select_related("person").order_by("-starts_on").first()
        if row is None:
            raise ValidationError(_("Nobody holds this seat."))
        invitation_issue(seat=self.seat, person=row.person, by=self.person)
        return _("The invitation is on its way.")


class HandoverView(SeatAction):
    """Announces who takes the seat from which day."""

    title = gettext_lazy("Hand the seat over")
    lead = gettext_lazy(
        "From that day access follows the seat: the successor gets in, the predecessor no longer. "
        "What was written keeps the name it has. Until then you can cancel."
    )
    submit = gettext_lazy("Announce the hand-over")

    def allowed(self, seat: Seat) -> bool:
        return may_hand_over(self.own_seats, seat)

    def form(self, data: Any = None) -> HandoverForm:
        return HandoverForm(data, seat=self.seat)

    def act(self, form: HandoverForm) -> str:
        handover_announce(seat=self.seat, successor=form.successor, on=form.cleaned_data["on"], by=self.person)
        return _("The hand-over is announced, and the successor is invited.")


class UndoingAction(SeatAction):
    """Undoes what is announced for the seat, if anything is. Who may not reads who may."""

    pending: Handover | None

    def look_up(self) -> None:
        super().look_up()
        self.pending = pending_handover(self.seat)
        if self.pending is not None:
            handover_authorise(handover=self.pending, by=self.person)


class CancelView(UndoingAction):
    """Takes an announced hand-over back."""

    title = gettext_lazy("Cancel the hand-over")
    lead = gettext_lazy("Who holds the seat now keeps it; the successor's code goes dead.")
    submit = gettext_lazy("Cancel the hand-over")

    def allowed(self, seat: Seat) -> bool:
        return may_hand_over(self.own_seats, seat)

    def form(self, data: Any = None) -> Any:
        return forms.Form(data)

    def act(self, form: Any) -> str:
        if self.pending is None:
            raise ValidationError(_("No hand-over of this seat is announced."))
        handover_cancel(handover=self.pending, by=self.person)
        return _("The hand-over is cancelled.")


class EndView(SeatAction):
    """Leaves a seat empty from a day."""

    title = gettext_lazy("End without a successor")
    lead = gettext_lazy(
        "From that day nobody sits on the seat. If you know who comes, hand it over instead. "
        "Who was put on it today by mistake and has not come yet is taken off it with today's date, "
        "and the code goes dead."
    )
    submit = gettext_lazy("End")

    def form(self, data: Any = None) -> EndForm:
        return EndForm(data)

    def act(self, form: EndForm) -> str:
        seat_end(seat=self.seat, on=form.cleaned_data["on"], by=self.person)
        return _("The end is recorded.")


class ChangeView(UndoingAction):
    """Gives a seat another role or note; its successor would find another seat than was announced."""

    title = gettext_lazy("Change the role")
    submit = gettext_lazy("Save")

    def form(self, data: Any = None) -> SeatForm:
        initial = {"role": self.seat.role, "label": self.seat.label}
        return SeatForm(data, roles=managed_roles(self.own_seats), initial=initial)

    def act(self, form: SeatForm) -> str:
        data = form.cleaned_data
        seat_change(seat=self.seat, role=SeatRole(data["role"]), label=data["label"], by=self.person)
        return _("The seat is changed.")


class AddView(SeatAction):
    """Makes a seat and invites somebody to it."""

    title = gettext_lazy("Add a person")
    lead = InviteView.lead
    submit = gettext_lazy("Invite")

    def look_up(self) -> None:
        if not managed_roles(self.own_seats):
            raise PermissionDenied(_("Please ask your section head or the lead contact to do this."))

    def form(self, data: Any = None) -> NewSeatForm:
        return NewSeatForm(data, roles=managed_roles(self.own_seats))

    def act(self, form: NewSeatForm) -> str:
        data = form.cleaned_data
        seat_add(
            organisation=self.organisation,
            role=SeatRole(data["role"]),
            label=data["label"],
            person=form.person,
            by=self.person,
        )
        return _("The invitation is on its way.")
