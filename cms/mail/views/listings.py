"""The admin's lists: messages, deliveries, suspended addresses, the mailbox. All are Wagtail's own listing views."""

from typing import Any

import django_filters
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.forms import NumberInput
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from cms.mail.enums import DeliveryAction, DeliveryState, Reason, Urgency
from cms.mail.models import Delivery, MailboxItem, Message, Suppression
from cms.mail.permissions import CHANGE_ADDRESSES, CHANGE_MAIL, SEND_MAIL
from cms.mail.tables import BOUNCED, UNVERIFIED, delivery_columns, message_columns, subject_of, suppression_columns
from cms.mail.transports import way_out
from cms.plugin_api.seen import PeopleSeenMixin

REGISTERS = {"person": settings.AUTH_USER_MODEL, "organisation": "accounts.Organisation"}
"""Whom a delivery may be for. By name, because the room of accounts stands on this one."""


BESIDE_THE_STATES = ((BOUNCED, _("Came back")), (UNVERIFIED, _("Report without its key")))


def messages_without_body(request: HttpRequest | None) -> QuerySet[Message]:
    """Return the messages for a filter, which shows no more than a subject."""
    return Message.objects.defer("text", "html", "entity")


class MessageFilters(WagtailFilterSet):
    """By lane."""

    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency.choices)

    class Meta:
        model = Message
        fields = ["urgency"]


class DeliveryFilters(WagtailFilterSet):
    """By state, reason, message, and whom it was for, by name."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[*DeliveryState.choices, *BESIDE_THE_STATES], method="by_state"
    )
    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=Reason.choices)
    # A link from the message gives its number; what is in force is shown by its subject.
    message = django_filters.ModelChoiceFilter(
        label=_("Number of the message"), queryset=messages_without_body, widget=NumberInput
    )
    subject = django_filters.CharFilter(label=_("Subject"), field_name="message__subject", lookup_expr="icontains")
    organisation = django_filters.CharFilter(label=_("Organisation (name, kana or code)"), method="by_name")
    person = django_filters.CharFilter(label=_("Person (name, login ID or mail address)"), method="by_name")

    class Meta:
        model = Delivery
        fields = ["state", "reason", "message", "subject", "organisation", "person"]

    def by_state(self, queryset: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        """Count what came back apart, as the numbers of a message do."""
        if value == BOUNCED:
            return queryset.filter(bounced_at__isnull=False)
        if value == UNVERIFIED:
            return queryset.filter(events__action=DeliveryAction.UNVERIFIED)
        return queryset.filter(state=value, bounced_at__isnull=True)

    def by_name(self, queryset: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        """Find whom it was for as the register's own list does."""
        register: Any = apps.get_model(REGISTERS[name])
        return queryset.filter(**{f"{name}__in": register.objects.search(value)})


class MailListing(IndexView):
    """Common to the lists: nothing is added or changed in them."""

    paginate_by = 50
    permission_policy: Any = ModelPermissionPolicy(Message)
    permission_required = "view"
    header_icon = "mail"
    is_searchable = True

    @property
    def results_only(self) -> bool:
        """Give a search that fetches while somebody types the rows alone: it puts them into the page that is there."""
        return self.request.headers.get("X-Requested-With") == "XMLHttpRequest"

    @property
    def index_url(self) -> str:
        """Where this list is."""
        return reverse(self.index_url_name)

    index_results_url = index_url


class MessageListView(MailListing):
    """Every message with its numbers."""

    model = Message
    page_title = _("Mail sent")
    index_url_name = "mail_admin:messages"
    template_name = "plugin_api/rows_to_tick.html"
    search_fields = ("subject",)
    default_ordering = "-created_at"
    filterset_class = MessageFilters
    list_export = (
        "subject", "kind_label", "created_at", "queued_count", "sent_count", "deferred_count", "failed_count",
        "bounced_count", "unknown_count",
    )  # fmt: skip
    export_filename = "mail"

    def get_page_subtitle(self) -> str:
        """Say whether what is listed here has left the machine."""
        return way_out()

    @cached_property
    def columns(self) -> list[Column]:
        columns: list[Any] = message_columns()
        if self.request.user.has_perm(CHANGE_MAIL):
            columns.insert(0, BulkActionsCheckboxColumn("bulk_actions", obj_type="message"))
        return columns

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer a test mail."""
        if not self.request.user.has_perm(SEND_MAIL):
            return []
        return [HeaderButton(_("Send a test mail"), reverse("mail_admin:test"), icon_name="mail", priority=10)]

    def get_base_queryset(self) -> QuerySet[Message]:
        return Message.objects.with_numbers().defer("text", "html", "entity")


class DeliveryListView(PeopleSeenMixin, MailListing):
    """Every delivery: the queue, what failed, and what a person or an organisation was sent."""

    model = Delivery
    page_title = _("Deliveries")
    index_url_name = "mail_admin:deliveries"
    search_fields = ("address_key", "name", "organisation__name", "person__username")
    default_ordering = "-pk"
    filterset_class = DeliveryFilters
    list_export = ("address", "name", "organisation", "message", "state", "said", "finished_at")
    export_filename = "deliveries"

    @cached_property
    def columns(self) -> list[Column]:
        return delivery_columns()

    def get_base_queryset(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.select_related("message", "organisation")
        return rows.defer("message__text", "message__html", "message__entity")


class RecipientListView(DeliveryListView):
    """What one person or one organisation was sent."""

    recipient = ""

    @property
    def index_url(self) -> str:
        """Where this list is."""
        return reverse(self.index_url_name, args=[self.kwargs["pk"]])

    index_results_url = index_url

    def get_page_subtitle(self) -> str:
        """Say who it is."""
        register: Any = apps.get_model(REGISTERS[self.recipient])
        return str(get_object_or_404(register, pk=self.kwargs["pk"]))

    def get_base_queryset(self) -> QuerySet[Delivery]:
        return super().get_base_queryset().filter(**{self.recipient: self.kwargs["pk"]})


class SuspensionListView(PeopleSeenMixin, MailListing):
    """Whom to telephone: addresses to which nothing is mailed."""

    model = Suppression
    permission_policy = ModelPermissionPolicy(Suppression)
    page_title = _("Suspended addresses")
    header_icon = "warning"
    index_url_name = "mail_admin:suspensions"
    search_fields = ("address", "organisation__name")
    default_ordering = "-suspended_at"
    list_export = (
        "address", "person", "organisation", "telephone", "get_cause_display", "detail", "suspended_at",
    )  # fmt: skip
    export_filename = "suspended-addresses"

    @cached_property
    def columns(self) -> list[Column]:
        return suppression_columns()

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer to suspend an address by hand."""
        if not self.request.user.has_perm(CHANGE_ADDRESSES):
            return []
        return [HeaderButton(_("Suspend an address"), reverse("mail_admin:suspend"), icon_name="plus", priority=10)]

    def get_base_queryset(self) -> QuerySet[Suppression]:
        return Suppression.objects.active().select_related("organisation", "person")


class MailboxListView(PeopleSeenMixin, MailListing):
    """What would have left the machine, had this been no demo."""

    model = MailboxItem
    permission_policy = ModelPermissionPolicy(MailboxItem)
    page_title = _("Mailbox")
    header_icon = "download"
    index_url_name = "mail_admin:mailbox"
    search_fields = ("delivery__address_key", "delivery__message__subject")
    default_ordering = "-pk"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "subject",
                label=_("Subject"),
                accessor=lambda item: subject_of(item.delivery.message),
                get_url=lambda item: reverse("mail_admin:mailbox_item", args=[item.pk]),
            ),
            Column("address", label=pgettext_lazy("mail", "To"), accessor=lambda item: item.delivery.address),
            DateColumn("received_at", label=_("Received"), width="15%"),
        ]

    def get_base_queryset(self) -> QuerySet[MailboxItem]:
        return MailboxItem.objects.select_related("delivery__message").defer("octets")
