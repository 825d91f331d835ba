"""Applications to join, and announcements to leave."""

from __future__ import annotations

import django_filters
from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView

from cms.accounts.enums import MUNICIPAL_KINDS
from plugins.members.enums import ApplicationState, WithdrawalState
from plugins.members.models import (
    Application,
    Withdrawal,
)
from plugins.members.tables import day

from .readonly import IncomingViewSet, WithHistoryViewSet


class ApplicationFilters(WagtailFilterSet):
    """By state, kind and day."""

    state = django_filters.MultipleChoiceFilter(
        label=_("state"), choices=ApplicationState.choices, widget=CheckboxSelectMultiple
    )
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=[(kind.value, kind.label) for kind in MUNICIPAL_KINDS])
    received_at = django_filters.DateFromToRangeFilter(label=_("application received at"))

    class Meta:
        model = Application
        fields = ["state", "kind", "received_at"]


class ApplicationListView(IndexView):
    """The applications, the latest first."""

    def get_edit_url(self, instance: Application) -> str:
        return reverse("members_admin:application", args=[instance.pk])


class ApplicationViewSet(WithHistoryViewSet):
    """Who wants to join."""

    model = Application
    name = "members_applications"
    icon = "form"
    menu_label = _("Applications to join")
    index_view_class = ApplicationListView
    list_display = [
        "name",
        Column("code", label=_("municipal code"), width="12%"),
        Column("get_kind_display", label=_("kind"), width="10%"),
        Column("get_state_display", label=_("state"), sort_key="state", width="18%"),
        DateColumn("received_at", label=_("application received at"), sort_key="received_at", width="14%"),
        Column("decided_by_name", label=_("decision taken by"), width="16%"),
    ]
    search_fields = ["name", "code", "lead_name", "email"]
    filterset_class = ApplicationFilters
    list_export = [
        "code",
        "name",
        "get_kind_display",
        "section",
        "telephone",
        "email",
        "lead_name",
        "get_state_display",
        "received_at",
        "decided_at",
        "decided_by_name",
    ]
    export_filename = "applications"


class WithdrawalFilters(WagtailFilterSet):
    """By state and day."""

    state = django_filters.ChoiceFilter(label=_("state"), choices=WithdrawalState.choices)
    ends_on = django_filters.DateFromToRangeFilter(label=_("member until before"))

    class Meta:
        model = Withdrawal
        fields = ["state", "ends_on"]


class WithdrawalListView(IndexView):
    """The announcements, the latest first."""

    def get_edit_url(self, instance: Withdrawal) -> str:
        return reverse("members_admin:withdrawal", args=[instance.pk])


class WithdrawalViewSet(IncomingViewSet):
    """Who wants to leave. What becomes of it stands in the history of the organisation."""

    model = Withdrawal
    name = "members_withdrawals"
    icon = "logout"
    menu_label = _("Announcements to leave")
    index_view_class = WithdrawalListView
    list_display = [
        "organisation",
        Column("ends_on", label=_("member until before"), accessor=lambda row: day(row.ends_on), sort_key="ends_on"),
        Column("get_state_display", label=_("state")),
        "announced_by_name",
        DateColumn("announced_at", label=pgettext_lazy("withdrawal", "announced at")),
    ]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "organisation__code"]
    filterset_class = WithdrawalFilters
    list_export = [
        "organisation.code",
        "organisation",
        "ends_on",
        "reason",
        "get_state_display",
        "announced_by_name",
        "announced_at",
        "decided_at",
        "decided_by_name",
    ]
    export_filename = "withdrawals"
