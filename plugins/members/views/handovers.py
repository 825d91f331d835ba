"""Hand-overs that the secretariat announces or cancels for an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.auth import permission_required

from cms.accounts.models import Seat
from plugins.members.forms.seats import HandoverAtDeskForm
from plugins.members.permissions import CHANGE_REGISTER
from plugins.members.services.handovers import handover_announce, handover_cancel, pending_handover
from plugins.members.services.invitations import IssuedInvitation
from plugins.members.tables import organisation_url

from .desk import person_of
from .letters import letters
from .register import ActionView


class SeatActionView(ActionView):
    """Does one thing to a seat, and goes back to its organisation."""

    seat: Seat

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.seat = get_object_or_404(Seat, pk=kwargs["seat"])
        super().setup(request, *args, **{**kwargs, "pk": self.seat.organisation_id})

    def get_page_subtitle(self) -> str:
        return str(self.seat)


@method_decorator(permission_required(CHANGE_REGISTER), name="dispatch")
class HandoverView(SeatActionView):
    """Announces who takes the seat; the successor's letter is answered at once, for the code is kept nowhere."""

    form_class = HandoverAtDeskForm
    page_title = gettext_lazy("Hand the seat over")
    submit = gettext_lazy("Announce the hand-over")
    explanation = gettext_lazy(
        "From that day access follows the seat: the successor gets in, the predecessor no longer. "
        "What was written keeps the name it has. Until then you can cancel."
    )
    printed: IssuedInvitation | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "seat": self.seat}

    def form_valid(self, form: HandoverAtDeskForm) -> HttpResponse:
        self.successor = form.successor
        answer = super().form_valid(form)
        if self.printed is None:
            return answer
        return letters(self.request, issued=[self.printed], back_url=organisation_url(self.organisation))

    def act(self, data: dict[str, Any]) -> str:
        announced = handover_announce(
            seat=self.seat,
            successor=self.successor,
            on=data["on"],
            by=person_of(self.request),
            by_letter=data["by_letter"],
        )
        self.printed = announced.invitation if data["by_letter"] else None
        return _("The hand-over is announced, and the successor is invited.")


@method_decorator(permission_required(CHANGE_REGISTER), name="dispatch")
class CancelView(SeatActionView):
    """Takes an announced hand-over back."""

    form_class = forms.Form
    page_title = gettext_lazy("Cancel the hand-over")
    submit = gettext_lazy("Cancel the hand-over")
    explanation = gettext_lazy("Who holds the seat now keeps it; the successor's code goes dead.")

    def act(self, data: dict[str, Any]) -> str:
        pending = pending_handover(self.seat)
        if pending is None:
            raise ValidationError(_("No hand-over of this seat is announced."))
        handover_cancel(handover=pending, by=person_of(self.request))
        return _("The hand-over is cancelled.")
