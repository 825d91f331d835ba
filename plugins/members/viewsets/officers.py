"""Terms of officers."""

from __future__ import annotations

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView

from cms.calendar.forms import DayField
from plugins.members.enums import Office
from plugins.members.models import (
    OfficerTerm,
)
from plugins.members.querysets import OfficerTermQuerySet
from plugins.members.services.officers import officers_group
from plugins.members.tables import day

from .readonly import RecordedViewSet


class OfficerFilters(WagtailFilterSet):
    """By office and time."""

    office = django_filters.ChoiceFilter(label=_("office"), choices=Office.choices)
    on = django_filters.CharFilter(label=_("In office on (Example: 2010-02-01)"), method="in_office_on")

    class Meta:
        model = OfficerTerm
        fields = ["office"]

    def in_office_on(self, queryset: OfficerTermQuerySet, _name: str, value: str) -> OfficerTermQuerySet:
        """Keep the terms of a day; what is no day keeps them all."""
        try:
            return queryset.active_on(DayField().clean(value))
        except ValidationError:
            return queryset


class OfficerCreateView(CreateView):
    """A term is recorded with the reader group that follows from it."""

    def save_instance(self) -> OfficerTerm:
        officers_group()
        return super().save_instance()


class OfficerTermViewSet(RecordedViewSet):
    """Who holds an office, from when until when."""

    model = OfficerTerm
    name = "members_officers"
    icon = "user"
    menu_label = _("Officers")
    copy_view_enabled = False
    add_view_class = OfficerCreateView
    list_per_page = 50
    list_display = [
        "organisation",
        Column("get_office_display", label=_("office"), sort_key="office"),
        Column(
            "starts_on",
            label=pgettext_lazy("office", "from"),
            accessor=lambda row: day(row.starts_on),
            sort_key="starts_on",
        ),
        Column(
            "ends_on",
            label=pgettext_lazy("office", "until before"),
            accessor=lambda row: day(row.ends_on),
            sort_key="ends_on",
        ),
        Column("representative_name", label=_("name of the representative")),
        "meeting",
    ]
    list_select_related = ["organisation", "meeting"]
    search_fields = ["organisation__name", "organisation__kana", "organisation__code", "representative_name"]
    filterset_class = OfficerFilters
    list_export = [
        "organisation.code",
        "organisation",
        "get_office_display",
        "starts_on",
        "ends_on",
        "representative_name",
        "representative_role",
        "meeting",
    ]
    export_filename = "officers"
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("organisation"), FieldPanel("office")]),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            FieldPanel("representative"),
            FieldRowPanel([FieldPanel("representative_name"), FieldPanel("representative_role")]),
            FieldPanel("meeting"),
            FieldPanel("note"),
        ]
    )
