"""What is done to several messages at once: the same as on the page of one, with the same right."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from cms.mail.models import Delivery, Message
from cms.mail.permissions import CHANGE_MAIL
from cms.mail.services.deliveries import deliveries_cancel, deliveries_retry
from cms.mail.tables import subject_of
from cms.plugin_api.ticked import ListedAction

from .listings import MessageFilters, MessageListView
from .staff import UNFINISHED, cancelled, queued_again


class MessagesAction(ListedAction):
    """Does something to the deliveries of the messages chosen. All of it or, on an error, nothing."""

    models = [Message]
    right = CHANGE_MAIL
    list_view = MessageListView
    filterset = MessageFilters
    icon = "mail"

    @classmethod
    def rows(cls) -> QuerySet[Message]:
        return Message.objects.defer("text", "html", "entity")

    @staticmethod
    def words(row: Message) -> str:
        return subject_of(row)

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": self.request.user}


class CancelWaiting(MessagesAction):
    """Stops the messages at their next row."""

    display_name = _("Cancel what is waiting")
    action_type = "cancel_waiting"
    aria_label = _("Cancel what is waiting of the chosen messages")
    explanation = _("What is waiting or deferred of these messages is cancelled. What has been sent stays sent.")
    submit = _("Cancel what is waiting")
    classes = {"serious"}
    action_priority = 20

    @classmethod
    def execute_action(cls, objects: list[Message], **kwargs: Any) -> tuple[int, int]:
        return deliveries_cancel(deliveries=Delivery.objects.filter(message__in=objects), by=kwargs["by"]), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        if num_parent_objects:
            return cancelled(num_parent_objects)
        messages.warning(self.request, cancelled(0))
        return None


class TryAgain(MessagesAction):
    """Queues again what failed or is deferred."""

    display_name = _("Try again what failed or was deferred")
    action_type = "try_again"
    aria_label = _("Try again what failed or was deferred of the chosen messages")
    explanation = _("What failed or was deferred of these messages is queued again.")
    submit = _("Try again what failed or was deferred")
    action_priority = 10

    @classmethod
    def execute_action(cls, objects: list[Message], **kwargs: Any) -> tuple[int, int]:
        chosen = Delivery.objects.filter(message__in=objects, state__in=UNFINISHED)
        found = chosen.count()
        count = deliveries_retry(deliveries=chosen, by=kwargs["by"])
        return count, max(0, found - count)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        left = ngettext(
            "%(count)d delivery can't be tried again and stays as it is.",
            "%(count)d deliveries can't be tried again and stay as they are.",
            num_child_objects,
        )
        if num_child_objects:
            messages.warning(self.request, left % {"count": num_child_objects})
        elif not num_parent_objects:
            messages.warning(self.request, queued_again(0))
        return queued_again(num_parent_objects) if num_parent_objects else None
