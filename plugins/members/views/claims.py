"""Claims of seats: what whoever took over sees, and what the secretariat decides."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.calendar import today
from plugins.members.forms.claims import ApproveClaimForm, ClaimForm, DeclineClaimForm
from plugins.members.models import SeatClaim
from plugins.members.permissions import DECIDE_CLAIMS, VIEW_CLAIMS
from plugins.members.selectors.people import people_on_seats
from plugins.members.selectors.register import is_unmanned
from plugins.members.services.claims import (
    CLAIM,
    ClaimsThrottledError,
    claim_approve,
    claim_confirm,
    claim_decline,
    claim_receive,
    seats_offered,
)
from plugins.members.tasks import send_claim_code

from .codes import ConfirmStep
from .desk import DeskView, Trail, person_of


@method_decorator(never_cache, name="dispatch")
class ClaimView(View):
    """Takes a claim. Whoever it names, the answer is the same."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ClaimForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store it; a job looks up whether there is anybody to mail, so that the time tells nothing either."""
        form = ClaimForm(request.POST)
        if form.was_filled_in_by_a_program:
            return redirect("members:claimed")
        if not form.is_valid():
            return self._page(request, form, 422)
        origin = get_adapter().get_client_origin(request)
        try:
            claim = claim_receive(claim=form.instance, language=get_language() or "", origin=origin)
        except ClaimsThrottledError:
            form.add_error(None, _("Very many claims arrived just now. Please try again later, or telephone us."))
            return self._page(request, form, 429)
        send_claim_code.enqueue(claim.pk)
        return redirect("members:claimed")

    def _page(self, request: HttpRequest, form: ClaimForm, status: int = 200) -> HttpResponse:
        return render(request, "members/claim.html", {"form": form}, status=status)


def claimed(request: HttpRequest) -> HttpResponse:
    """Say what happens now, whether there is such a member or not."""
    return render(request, "members/claimed.html")


class ConfirmView(ConfirmStep):
    """Lets the claim count."""

    purpose = CLAIM
    heading = gettext_lazy("Confirm the claim")
    received = gettext_lazy("The claim has been received")
    what_comes = gettext_lazy(
        "The secretariat looks at it. If it agrees, an invitation with a new code comes to the representative mail "
        "address; with that you choose your login ID and password."
    )
    again = gettext_lazy("Ask for another code")
    again_url = reverse_lazy("members:claim")
    claim: SeatClaim

    def look_up(self) -> None:
        claims = SeatClaim.objects.select_related("organisation")
        self.claim = get_object_or_404(claims, pk=self.code.payload["claim"])

    def rows(self) -> list[tuple[Any, Any]]:
        return [
            (_("Organisation"), self.claim.organisation),
            (_("Seat"), self.claim.get_role_display()),
            (pgettext("person", "Name"), self.claim.name),
        ]

    def confirm(self) -> None:
        claim_confirm(code=self.code)


class ClaimMixin(WagtailAdminTemplateMixin):
    """Looks up a claim that counts, and says where the page stands."""

    header_icon = "user"
    kwargs: dict[str, Any]

    @cached_property
    def claim(self) -> SeatClaim:
        """Looked up after the right was checked."""
        claims = SeatClaim.objects.counting().select_related("organisation", "seat__organisation", "person")
        return get_object_or_404(claims, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return f"{self.claim.name} {self.claim.organisation}"

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        parent = {"url": reverse("members_claims:index"), "label": _("Claims of seats")}
        return [*super().get_breadcrumbs_items(), parent, here]


@method_decorator(permission_required(VIEW_CLAIMS), name="dispatch")
class SeatClaimView(ClaimMixin, TemplateView):
    """Who asks for which seat, and who sits in that organisation now."""

    template_name = "members/admin/claim.html"
    page_title = gettext_lazy("Claim of a seat")
    request: HttpRequest

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer what can be decided."""
        if not self.claim.is_undecided or not self.request.user.has_perm(DECIDE_CLAIMS):
            return []
        actions = (("approve", _("Approve"), "check", 10), ("decline", _("Decline"), "cross", 20))
        return [
            HeaderButton(
                label, reverse(f"members_admin:claim_{name}", args=[self.claim.pk]), icon_name=icon, priority=priority
            )
            for name, label, icon, priority in actions
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = people_on_seats(today()).filter(organisation=self.claim.organisation).select_related("person", "seat")
        return super().get_context_data(
            claim=self.claim,
            people=people.order_by("-seat__role", "starts_on"),
            is_unmanned=is_unmanned(self.claim.organisation, today()),
            **kwargs,
        )


@method_decorator(permission_required(DECIDE_CLAIMS), name="dispatch")
class ApproveView(ClaimMixin, DeskView):
    """Puts the claimant on a seat and invites them."""

    form_class = ApproveClaimForm
    page_title = gettext_lazy("Approve the claim")
    submit = gettext_lazy("Approve, and send the invitation")
    explanation = gettext_lazy(
        "From today the claimant sits on the seat. An invitation with a code goes to the representative address."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "offered": seats_offered(claim=self.claim), "role": self.claim.role}

    def form_valid(self, form: ApproveClaimForm) -> HttpResponse:
        form.cleaned_data["seat"], form.cleaned_data["holder"] = form.chosen
        return super().form_valid(form)

    @property
    def back_url(self) -> str:
        return reverse("members_admin:claim", args=[self.claim.pk])

    def act(self, data: dict[str, Any]) -> str:
        claim_approve(claim=self.claim, seat=data["seat"], holder=data["holder"], by=person_of(self.request))
        return _("The claim is approved, and the invitation is on its way.")


@method_decorator(permission_required(DECIDE_CLAIMS), name="dispatch")
class DeclineView(ClaimMixin, DeskView):
    """Declines with a reason."""

    form_class = DeclineClaimForm
    page_title = gettext_lazy("Decline the claim")
    submit = gettext_lazy("Decline the claim")

    @property
    def back_url(self) -> str:
        return reverse("members_admin:claim", args=[self.claim.pk])

    def act(self, data: dict[str, Any]) -> str:
        claim_decline(claim=self.claim, reason=data["reason"], by=person_of(self.request))
        return _("The claim is declined, and the reason is sent.")
