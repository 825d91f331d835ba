"""The secretariat's desk of reader groups."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from cms.accounts.models import Seat
from cms.accounts.viewsets import ShapedChooserViewSet, search_form
from cms.calendar import today

from .models import AccessRuleGroup, Group, GroupMembership
from .selectors import seats_in


class SeatColumnsMixin:
    """Lists seats with their organisation in one query."""

    filter_form_class = search_form(_("Name or code of the organisation"))

    def get_object_list(self) -> QuerySet[Seat]:
        return Seat.objects.select_related("organisation").order_by("organisation__code", "-role", "label")


class SeatChooserViewSet(ShapedChooserViewSet):
    """Chooses a seat for a group: there are thousands."""

    model = Seat
    name = "seat_chooser"
    icon = "user"
    page_title = _("Choose a seat")
    choose_one_text = _("Choose a seat")
    choose_another_text = _("Choose another seat")
    shape = SeatColumnsMixin


class GroupIndexView(IndexView):
    """Counts the seats of today and the rules."""

    def get_base_queryset(self) -> QuerySet[Group]:
        inside = GroupMembership.objects.active_on(today()).values("pk")
        return (
            super()
            .get_base_queryset()
            .annotate(
                seats=Count("memberships", filter=Q(memberships__in=inside), distinct=True),
                named=Count("rules", distinct=True),
            )
        )


def seat_count(group: Any) -> int:
    """Count the seats of today; those of a group that a plugin keeps are asked for, because only it knows them."""
    return seats_in([group], today()).count() if group.key else group.seats


class GroupDeleteView(DeleteView):
    """Deletes a group that no rule names: pages must not close to everybody because a group went."""

    @property
    def confirmation_message(self) -> str:
        """Ask, or say what stands in the way."""
        return self.reason_against or super().confirmation_message

    @property
    def reason_against(self) -> str:
        """Say why the group must stay; nothing where it may go."""
        count = AccessRuleGroup.objects.filter(group=self.object).count()
        text = ngettext(
            "This group cannot be deleted: %(count)d page or collection is for it.",
            "This group cannot be deleted: %(count)d pages or collections are for it.",
            count,
        )
        return text % {"count": count} if count else ""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete, or say why not."""
        if self.reason_against:
            messages.error(self.request, self.reason_against)
            return redirect(self.get_success_url())
        return super().form_valid(form)


class GroupViewSet(ModelViewSet):
    """Reader groups, with their seats."""

    model = Group
    name = "reader_groups"
    icon = "group"
    menu_label = _("Reader groups")
    menu_order = 220
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = GroupIndexView
    delete_view_class = GroupDeleteView
    list_display = [
        "name",
        Column("seats", label=_("Seats today"), accessor=seat_count),
        Column("named", label=_("Pages and collections"), accessor="named"),
        "note",
    ]
    list_export = ["name", "seats", "named", "note"]
    export_filename = "reader-groups"
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("note"),
        InlinePanel(
            "memberships",
            heading=_("Seats in the group"),
            label=_("seat"),
            help_text=_("Whoever sits on a seat reads, from the day on which they do."),
            panels=[FieldPanel("seat"), FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")])],
        ),
    ]
