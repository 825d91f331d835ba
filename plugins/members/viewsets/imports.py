"""Files that were read, and uses of the register."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from plugins.members.enums import RegisterUse
from plugins.members.models import (
    RegisterAccess,
    RegisterImport,
)
from plugins.members.permissions import IMPORT_REGISTER
from plugins.members.tables import KeptWordsColumn

from .readonly import ReadOnlyViewSet


class ImportListView(IndexView):
    """The files, the latest first, each with what came of it."""

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer to read a file."""
        if not self.request.user.has_perm(IMPORT_REGISTER):
            return []
        return [HeaderButton(_("Read a file"), reverse("members_admin:upload"), icon_name="upload")]

    def get_edit_url(self, instance: RegisterImport) -> str:
        return reverse("members_admin:import", args=[instance.pk])

    def get_base_queryset(self) -> QuerySet[RegisterImport]:
        return RegisterImport.objects.defer("rows").select_related("uploaded_by")


class ImportViewSet(ReadOnlyViewSet):
    """Files that were read into the register."""

    model = RegisterImport
    name = "members_imports"
    icon = "upload"
    menu_label = _("Imports")
    index_view_class = ImportListView
    list_display = [
        "file_name",
        Column("get_kind_display", label=_("What the rows are")),
        DateColumn("uploaded_at", label=_("uploaded at")),
        "uploaded_by",
        DateColumn("written_at", label=pgettext_lazy("import", "written at")),
        "created_count",
        "changed_count",
        "unchanged_count",
        "error_count",
    ]


class AccessFilters(WagtailFilterSet):
    """By what was done, and when."""

    use = django_filters.ChoiceFilter(label=_("what was done"), choices=RegisterUse.choices)
    at = django_filters.DateFromToRangeFilter(label=_("when"))

    class Meta:
        model = RegisterAccess
        fields = ["use", "at"]


class AccessViewSet(ReadOnlyViewSet):
    """Who saw or exported the register."""

    model = RegisterAccess
    name = "members_access"
    icon = "view"
    menu_label = _("Uses of the register")
    list_display = [
        Column("person_name", label=_("full name")),
        DateColumn("at", label=_("when")),
        Column("get_use_display", label=_("what was done")),
        KeptWordsColumn("detail", label=_("what was seen")),
    ]
    search_fields = ["person_name", "detail"]
    filterset_class = AccessFilters
    list_export = ["at", "person_name", "get_use_display", "detail"]
    export_filename = "uses-of-the-register"
