"""Claims of seats."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView

from plugins.members.enums import ClaimState
from plugins.members.models import SeatClaim

from .readonly import WithHistoryViewSet


def claim_url(claim: SeatClaim) -> str:
    """Return the admin's page on a claim."""
    return reverse("members_admin:claim", args=[claim.pk])


class ClaimFilters(WagtailFilterSet):
    """By state and day."""

    state = django_filters.ChoiceFilter(
        label=_("state"), choices=[one for one in ClaimState.choices if one[0] != ClaimState.UNCONFIRMED]
    )
    received_at = django_filters.DateFromToRangeFilter(label=_("claim received at"))

    class Meta:
        model = SeatClaim
        fields = ["state", "received_at"]


class ClaimListView(IndexView):
    """The claims whose code was entered, the latest first."""

    def get_base_queryset(self) -> QuerySet[SeatClaim]:
        return SeatClaim.objects.counting().select_related("organisation")


class SeatClaimViewSet(WithHistoryViewSet):
    """Who took over a seat and has no account."""

    model = SeatClaim
    name = "members_claims"
    icon = "user"
    menu_label = _("Claims of seats")
    index_view_class = ClaimListView
    list_display = [
        TitleColumn("name", label=pgettext_lazy("person", "Name"), get_url=claim_url),
        "organisation",
        Column("get_role_display", label=_("role"), sort_key="role", width="14%"),
        Column("get_state_display", label=_("state"), sort_key="state", width="14%"),
        DateColumn("received_at", label=_("claim received at"), sort_key="received_at", width="14%"),
        Column("decided_by_name", label=_("decision taken by"), width="16%"),
    ]
    search_fields = ["organisation__name", "organisation__code", "last_name", "first_name"]
    filterset_class = ClaimFilters
    list_export = [
        "organisation.code",
        "organisation",
        "get_role_display",
        "name",
        "get_state_display",
        "received_at",
        "decided_at",
        "decided_by_name",
        "reason",
    ]
    export_filename = "claims"
