"""Announcements in the admin: Wagtail's own list, form and history."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.calendar import now

from .enums import Level, Standing
from .models import Announcement
from .querysets import AnnouncementQuerySet


class AnnouncementFilterSet(WagtailFilterSet):
    """By where it stands and how loud it is."""

    standing = django_filters.ChoiceFilter(label=_("state"), choices=Standing.choices, method="by_standing")
    level = django_filters.ChoiceFilter(label=_("level"), choices=Level.choices)

    class Meta:
        model = Announcement
        fields = ["standing", "level"]

    def by_standing(self, queryset: AnnouncementQuerySet, _name: str, value: str) -> QuerySet[Announcement]:
        return queryset.standing(value, now())


class AnnouncementViewSet(SnippetViewSet):
    """The list says what is on show."""

    model = Announcement
    icon = "warning"
    base_url_path = "announcements"
    menu_label = _("Announcements")
    menu_order = 160
    add_to_admin_menu = True
    list_display = [
        "text",
        Column("level", label=_("level"), accessor="get_level_display", sort_key="level", width="12%"),
        Column("standing", label=_("state"), accessor=lambda one: one.standing(now()).label, width="12%"),
        DateColumn("starts_at", label=_("shown from"), sort_key="starts_at", width="15%"),
        DateColumn("ends_at", label=_("shown until"), sort_key="ends_at", width="15%"),
    ]
    list_export = ["text", "text_en", "link", "get_level_display", "starts_at", "ends_at"]
    export_filename = "announcements"
    list_per_page = 50
    search_fields = ["text", "text_en"]
    filterset_class = AnnouncementFilterSet
