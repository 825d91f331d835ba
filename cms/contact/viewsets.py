"""Enquiries in the admin: a list with filters, a page with state and note, bulk actions, exports."""

from __future__ import annotations

from typing import Any

import django_filters
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import DeleteView, EditView, SnippetViewSet

from .enums import EnquiryState
from .models import Enquiry
from .services import enquiries_settle


class WrittenPanel(FieldPanel):
    """Shows what somebody wrote, line by line; it can't be changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "read_only": True})

    def format_value_for_display(self, value: Any) -> Any:
        return linebreaksbr(super().format_value_for_display(value))


class EnquiryFilterSet(WagtailFilterSet):
    """By state and day."""

    state = django_filters.ChoiceFilter(label=_("state of the enquiry"), choices=EnquiryState.choices)
    received_at = django_filters.DateFromToRangeFilter(label=_("received"), widget=DateRangePickerWidget)

    class Meta:
        model = Enquiry
        fields = ["state", "received_at"]


class EnquiryEditView(EditView):
    """What was written, and what became of it."""

    def save_instance(self) -> Enquiry:
        data = self.form.cleaned_data
        enquiries_settle(enquiries=[self.object], state=data["state"], note=data["note"], by=self.request.user)
        return self.object


class EnquiryDeleteView(DeleteView):
    """Says afterwards which one is gone."""

    def delete_action(self) -> None:
        number = self.object.pk
        super().delete_action()
        self.object.pk = number  # its only name


class EnquiryViewSet(SnippetViewSet):
    """The secretariat's letter tray."""

    model = Enquiry
    icon = "mail"
    base_url_path = "contact"
    menu_label = _("Enquiries")
    menu_order = 170
    add_to_admin_menu = True
    copy_view_enabled = False
    edit_view_class = EnquiryEditView
    delete_view_class = EnquiryDeleteView
    list_display = [
        "subject",
        Column("name", label=_("name of the sender"), sort_key="name"),
        Column("organisation", label=_("organisation of the sender"), sort_key="organisation"),
        Column("state", label=_("state of the enquiry"), accessor="get_state_display", sort_key="state", width="12%"),
        DateColumn("received_at", label=_("received"), sort_key="received_at", width="14%"),
    ]
    list_export = [
        "pk", "received_at", "name", "organisation", "email", "telephone", "subject", "text", "get_state_display",
        "done_at", "note",
    ]  # fmt: skip
    export_headings = {"pk": _("Number of the enquiry")}
    export_filename = "enquiries"
    list_per_page = 50
    search_fields = ["name", "organisation", "email", "subject", "text"]
    filterset_class = EnquiryFilterSet
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    WrittenPanel(name)
                    for name in ("subject", "text", "name", "organisation", "email", "telephone", "received_at")
                ],
                heading=_("Enquiry"),
            ),
            MultiFieldPanel(
                [FieldPanel("state"), FieldPanel("note")], heading=pgettext_lazy("enquiry", "What became of it")
            ),
        ]
    )


class SettleBulkAction(SnippetBulkAction):
    """Marks several as answered."""

    models = [Enquiry]
    display_name = _("Mark as answered")
    aria_label = _("Mark the chosen enquiries as answered")
    action_type = "settle"
    template_name = "contact/admin/confirm_settle.html"
    action_priority = 20

    def check_perm(self, enquiry: Enquiry) -> bool:
        return bool(self.permission_policy.user_has_permission(self.request.user, "change"))

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects: Any, user: Any = None, **kwargs: Any) -> tuple[int, int]:
        return enquiries_settle(enquiries=objects, state=EnquiryState.DONE, by=user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        words = ngettext(
            "%(count)d enquiry is marked as answered.",
            "%(count)d enquiries are marked as answered.",
            num_parent_objects,
        )
        return words % {"count": num_parent_objects}
