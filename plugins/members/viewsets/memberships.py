"""Memberships one by one, and what documents declare."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from plugins.members.enums import JoinReason, LeaveReason
from plugins.members.models import (
    DeclaredCount,
    Membership,
)
from plugins.members.tables import day

from .readonly import RecordedViewSet


class MembershipFilters(WagtailFilterSet):
    """By how it began and ended."""

    join_reason = django_filters.ChoiceFilter(label=_("how it began"), choices=JoinReason.choices)
    leave_reason = django_filters.ChoiceFilter(label=_("why it ended"), choices=LeaveReason.choices)
    starts_on = django_filters.DateFromToRangeFilter(label=pgettext_lazy("membership", "from"))
    ends_on = django_filters.DateFromToRangeFilter(label=pgettext_lazy("membership", "until before"))

    class Meta:
        model = Membership
        fields = ["join_reason", "leave_reason", "starts_on", "ends_on"]


class MembershipViewSet(RecordedViewSet):
    """Memberships one by one, to correct what was entered wrongly."""

    model = Membership
    name = "members_memberships"
    icon = "history"
    menu_label = _("Memberships over time")
    copy_view_enabled = False
    list_per_page = 50
    list_display = [
        "organisation",
        Column(
            "starts_on",
            label=pgettext_lazy("membership", "from"),
            accessor=lambda row: day(row.starts_on),
            sort_key="starts_on",
        ),
        Column("get_join_reason_display", label=_("how it began")),
        Column(
            "ends_on",
            label=pgettext_lazy("membership", "until before"),
            accessor=lambda row: day(row.ends_on),
            sort_key="ends_on",
        ),
        Column("get_leave_reason_display", label=_("why it ended")),
        "note",
    ]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "organisation__kana", "organisation__code", "note"]
    filterset_class = MembershipFilters
    list_export = [
        "organisation.code",
        "organisation",
        "starts_on",
        "get_join_reason_display",
        "ends_on",
        "get_leave_reason_display",
        "note",
    ]
    export_filename = "memberships"
    edit_handler = ObjectList(
        [
            FieldPanel("organisation"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("join_reason")]),
            FieldRowPanel([FieldPanel("ends_on"), FieldPanel("leave_reason")]),
            FieldPanel("note"),
        ]
    )


class DeclaredCountViewSet(ModelViewSet):
    """What documents say of the membership."""

    model = DeclaredCount
    name = "members_declared"
    icon = "doc-full"
    menu_label = _("Declared figures")
    copy_view_enabled = False
    form_fields = ["as_of", "kind", "count", "source"]
    list_display = [
        "source",
        Column("as_of", label=_("as of"), accessor=lambda row: day(row.as_of), sort_key="as_of"),
        Column("get_kind_display", label=_("kind")),
        "count",
    ]
    list_filter = ["kind"]
    list_export = ["source", "as_of", "get_kind_display", "count"]
    export_filename = "declared-figures"
    search_fields = ["source"]
