"""Columns of the admin's listings, built from Wagtail's own."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from cms.mail.enums import DeliveryState
from cms.mail.models import Delivery, Message, Notice, Suppression
from cms.mail.services.notices import audiences_offered
from cms.plugin_api.points import Audience

BOUNCED = "bounced"
UNVERIFIED = "unverified"


class NumberColumn(Column):
    """How many recipients of a message are in a state; leads to their rows."""

    cell_template_name = "mail/cells/number.html"

    def __init__(self, state: str, label: Any) -> None:
        super().__init__(state, label=label, accessor=f"{state}_count", width="7%")
        self.state = state

    def get_cell_context_data(self, instance: Message, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["url"] = deliveries_url(instance, self.state)
        return context


def deliveries_url(message: Message, state: str = "") -> str:
    """Return where the rows of a message are listed, in one state or all."""
    query: dict[str, str | int] = {"message": message.pk, **({"state": state} if state else {})}
    return f"{reverse('mail_admin:deliveries')}?{urlencode(query)}"


def message_columns() -> list[Column]:
    """Return the columns of the list of messages."""
    return [
        TitleColumn(
            "subject",
            label=_("Subject"),
            accessor=subject_of,
            get_url=message_url,
            get_title_id=lambda message: f"message_{message.pk}_title",
        ),
        Column("kind_label", label=_("Kind"), width="14%"),
        DateColumn("created_at", label=_("Written"), width="12%", sort_key="created_at"),
        NumberColumn("queued", _("Waiting")),
        NumberColumn("sent", _("Sent")),
        NumberColumn("deferred", _("Deferred")),
        NumberColumn("failed", _("Failed")),
        NumberColumn(BOUNCED, _("Came back")),
        NumberColumn("unknown", pgettext_lazy("delivery", "Unknown")),
    ]


def delivery_columns() -> list[Column]:
    """Return the columns of the list of deliveries."""
    return [
        TitleColumn("address", label=_("Address"), get_url=delivery_url, sort_key="address"),
        Column("name", label=_("Recipient")),
        Column("organisation", label=_("Organisation"), accessor=lambda row: row.organisation or ""),
        Column("message", label=_("Message"), accessor=lambda row: subject_of(row.message)),
        Column("state", label=_("State"), accessor=state_of, width="12%"),
        Column("reply", label=_("Last reply"), accessor="said"),
        DateColumn("finished_at", label=_("Finished"), width="10%", sort_key="finished_at"),
    ]


def notice_columns() -> list[Column]:
    """Return the columns of the list of official notices."""
    offered = audiences_offered()
    return [
        TitleColumn("subject", label=_("Subject"), get_url=notice_url, sort_key="subject"),
        Column("audience", label=_("Audience"), accessor=lambda row: audience_label(row, offered)),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state", width="12%"),
        DateColumn("due_at", label=_("To be sent at"), sort_key="due_at", width="14%"),
        DateColumn("created_at", label=_("Written"), sort_key="created_at", width="14%"),
        Column("created_by_name", label=_("Written by"), width="14%"),
    ]


def reach_columns() -> list[Column]:
    """Return the columns of the list of whom a notice reaches."""
    return [
        Column("name", label=_("Recipient"), accessor="addressee.name"),
        Column("organisation", label=_("Organisation")),
        Column("address", label=_("Address"), accessor="addressee.address"),
        Column("problem", label=_("Can't be mailed")),
    ]


def audience_label(notice: Notice, offered: Mapping[str, Audience]) -> str:
    """Return the audience's name; its slug while nobody knows it."""
    audience = offered.get(notice.audience)
    return str(audience.label) if audience else notice.audience


def suppression_columns() -> list[Column]:
    """Return the columns of the list by which the secretariat telephones."""
    return [
        TitleColumn("address", label=_("Address"), get_url=suppression_url),
        Column("person", label=_("Person"), accessor=lambda row: row.person or ""),
        Column("organisation", label=_("Organisation"), accessor=lambda row: row.organisation or ""),
        Column("telephone", label=_("Telephone"), accessor=telephone_of),
        Column("cause", label=_("Cause"), accessor="get_cause_display"),
        Column("detail", label=_("What the report said")),
        DateColumn("suspended_at", label=_("Suspended"), width="10%"),
    ]


def subject_of(message: Message) -> str:
    """Return the subject, or words for a message without one."""
    return message.subject or str(_("(no subject)"))


def state_of(delivery: Delivery) -> str:
    """Return the state in words; what came back says so, whatever was thought before."""
    if delivery.bounced_at is not None:
        return str(_("Came back"))
    if delivery.state == DeliveryState.FAILED:
        return f"{delivery.get_state_display()}: {delivery.get_reason_display()}"
    return str(delivery.get_state_display())


def telephone_of(suppression: Suppression) -> str:
    """Return whom to ring."""
    return suppression.organisation.telephone if suppression.organisation else ""


def message_url(message: Message) -> str:
    """Return the admin's page on a message."""
    return reverse("mail_admin:message", args=[message.pk])


def notice_url(notice: Notice) -> str:
    """Return the admin's page on an official notice."""
    return reverse("mail_admin:notice", args=[notice.pk])


def delivery_url(delivery: Delivery) -> str:
    """Return the admin's page on a delivery."""
    return reverse("mail_admin:delivery", args=[delivery.pk])


def suppression_url(suppression: Suppression) -> str:
    """Return the admin's page on a suspended address."""
    return reverse("mail_admin:suspension", args=[suppression.pk])
