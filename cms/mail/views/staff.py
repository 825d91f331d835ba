"""The admin's pages on one message, one delivery, one suspended address, and what can be done there. POST acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.calendar import now
from cms.mail.enums import DeliveryState, SuspensionCause
from cms.mail.forms import SuspendForm, TestMailForm, UnknownForm
from cms.mail.models import Delivery, Message, Suppression
from cms.mail.permissions import CHANGE_ADDRESSES, CHANGE_MAIL, SEND_MAIL, VIEW_MAIL
from cms.mail.services.deliveries import (
    deliveries_retry,
    delivery_cancel,
    delivery_retry,
    message_cancel,
    unknown_resolve,
)
from cms.mail.services.messages import Recipient, mail_enqueue
from cms.mail.services.suspensions import address_suspend, confirmation_send, suspension_lift
from cms.mail.tables import BOUNCED, deliveries_url, state_of, subject_of
from cms.mail.transports import way_out
from cms.plugin_api.seen import PeopleSeenMixin

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

Trail = list[dict[str, Any]]
UNFINISHED = (DeliveryState.FAILED, DeliveryState.DEFERRED)
"""What is tried again when a message is."""


def _person(request: HttpRequest) -> AbstractUser:
    """Return who is logged in: the permission has been checked, so somebody is."""
    return cast("AbstractUser", request.user)


class MailPage(WagtailAdminTemplateMixin, TemplateView):
    """Common to the pages on one object: looks it up, says where it stands."""

    header_icon = "mail"
    parent = ("mail_admin:messages", gettext_lazy("Mail sent"))

    def get_breadcrumbs_items(self) -> Trail:
        name, label = self.parent
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), {"url": reverse(name), "label": label}, here]


@method_decorator(permission_required(VIEW_MAIL), name="dispatch")
class MessageView(PeopleSeenMixin, MailPage):
    """One message: its numbers, its words, what can be done."""

    template_name = "mail/admin/message.html"
    page_title = gettext_lazy("Message")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.message = get_object_or_404(Message.objects.with_numbers(), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return subject_of(self.message)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            message=self.message,
            numbers=_numbers(self.message),
            may_change=self.request.user.has_perm(CHANGE_MAIL),
            all_url=deliveries_url(self.message),
            **kwargs,
        )


def _numbers(message: Message) -> list[tuple[str, int, str]]:
    states = [(state.value, str(state.label)) for state in DeliveryState]
    states.insert(5, (BOUNCED, _("Came back")))
    return [(label, getattr(message, f"{state}_count"), deliveries_url(message, state)) for state, label in states]


@method_decorator(permission_required(VIEW_MAIL), name="dispatch")
class DeliveryView(PeopleSeenMixin, MailPage):
    """One delivery, with its history."""

    template_name = "mail/admin/delivery.html"
    page_title = gettext_lazy("Delivery")
    parent = ("mail_admin:deliveries", gettext_lazy("Deliveries"))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Delivery.objects.select_related("message", "person", "organisation", "fallback_for")
        self.delivery = get_object_or_404(rows, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.delivery.address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delivery = self.delivery
        return super().get_context_data(
            delivery=delivery,
            state=state_of(delivery),
            events=list(delivery.events.all()),
            history_url=f"{reverse('mail_admin:deliveries')}?q={delivery.address_key}",
            form=UnknownForm() if delivery.state == DeliveryState.UNKNOWN else None,
            may_change=self.request.user.has_perm(CHANGE_MAIL),
            **kwargs,
        )


def cancelled(count: int) -> str:
    """Say how many deliveries were cancelled."""
    words = ngettext("%(count)d delivery was cancelled.", "%(count)d deliveries were cancelled.", count)
    return words % {"count": count} if count else _("Nothing was waiting any more.")


def queued_again(count: int) -> str:
    """Say how many deliveries were queued again."""
    words = ngettext("%(count)d delivery was queued again.", "%(count)d deliveries were queued again.", count)
    return words % {"count": count} if count else _("There is nothing that can be tried again.")


class Act(View):
    """Does one thing by POST, says what came of it, and goes back to the object."""

    http_method_names = ["post"]
    back = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Act; a refusal is said in the service's own words."""
        try:
            done, sentence = self.act(request, pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            (messages.success if done else messages.warning)(request, sentence)
        return redirect(self.back, pk)

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        """Return whether anything changed, and the sentence that says what."""
        raise NotImplementedError


@method_decorator(permission_required(CHANGE_MAIL), name="dispatch")
class MessageCancelView(Act):
    """Stops a message at the next row."""

    back = "mail_admin:message"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        count = message_cancel(message=get_object_or_404(Message, pk=pk), by=_person(request))
        return bool(count), cancelled(count)


@method_decorator(permission_required(CHANGE_MAIL), name="dispatch")
class MessageRetryView(Act):
    """Queues again what failed or is deferred."""

    back = "mail_admin:message"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        message = get_object_or_404(Message, pk=pk)
        failed = message.deliveries.filter(state__in=UNFINISHED)
        count = deliveries_retry(deliveries=failed, by=_person(request))
        return bool(count), queued_again(count)


@method_decorator(permission_required(CHANGE_MAIL), name="dispatch")
class DeliveryCancelView(Act):
    """Takes one recipient out."""

    back = "mail_admin:delivery"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        done = delivery_cancel(delivery=get_object_or_404(Delivery, pk=pk), by=_person(request))
        return done, _("The delivery was cancelled.") if done else _("A worker has taken it already.")


@method_decorator(permission_required(CHANGE_MAIL), name="dispatch")
class DeliveryRetryView(Act):
    """Queues one delivery again."""

    back = "mail_admin:delivery"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        done = delivery_retry(delivery=get_object_or_404(Delivery, pk=pk), by=_person(request))
        return done, _("The delivery was queued again.") if done else _("It can't be tried again in this state.")


@method_decorator(permission_required(CHANGE_MAIL), name="dispatch")
class UnknownResolveView(Act):
    """Decides about a delivery of unknown outcome."""

    back = "mail_admin:delivery"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        form = UnknownForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("Please say what you found out."))
        arrived = form.cleaned_data["outcome"] == "arrived"
        delivery = get_object_or_404(Delivery, pk=pk)
        done = unknown_resolve(delivery=delivery, arrived=arrived, by=_person(request))
        if not done:
            return False, _("Somebody has decided about it already.")
        return True, _("It counts as sent.") if arrived else _("The delivery was queued again.")


@method_decorator(permission_required("mail.view_suppression"), name="dispatch")
class SuspensionView(PeopleSeenMixin, MailPage):
    """One suspended address: whom to ring, what was missed, and how to lift it."""

    template_name = "mail/admin/suspension.html"
    page_title = gettext_lazy("Suspended address")
    header_icon = "warning"
    parent = ("mail_admin:suspensions", gettext_lazy("Suspended addresses"))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Suppression.objects.select_related("organisation", "person")
        self.suppression = get_object_or_404(rows, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.suppression.address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            suppression=self.suppression,
            history_url=f"{reverse('mail_admin:deliveries')}?q={self.suppression.address}",
            may_change=self.request.user.has_perm(CHANGE_ADDRESSES),
            **kwargs,
        )


@method_decorator(permission_required(CHANGE_ADDRESSES), name="dispatch")
class SuspensionLiftView(Act):
    """Mails to the address again."""

    back = "mail_admin:suspension"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        suppression = get_object_or_404(Suppression, pk=pk)
        done = suspension_lift(suppression=suppression, by_name=str(_person(request)))
        return done, _("Mail is sent there again.") if done else _("This address is not suspended any more.")


@method_decorator(permission_required(CHANGE_ADDRESSES), name="dispatch")
class ConfirmationSendView(Act):
    """Mails a code to the address itself: whoever types it shows that mail arrives."""

    back = "mail_admin:suspension"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        confirmation_send(suppression=get_object_or_404(Suppression, pk=pk), by=_person(request))
        return True, _("A confirmation code is on its way to this address.")


class MailFormView(WagtailAdminTemplateMixin, FormView):
    """A form of one field in the admin."""

    template_name = "mail/admin/form.html"
    header_icon = "mail"

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title()}
        parent = {"url": reverse("mail_admin:messages"), "label": _("Mail sent")}
        return [*super().get_breadcrumbs_items(), parent, here]


@method_decorator(permission_required(SEND_MAIL), name="dispatch")
class TestMailView(MailFormView):
    """Shows whether mail arrives."""

    form_class = TestMailForm
    page_title = gettext_lazy("Send a test mail")
    extra_context = {"submit": gettext_lazy("Send")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=way_out(), **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"address": _person(self.request).email}

    def form_valid(self, form: TestMailForm) -> HttpResponse:
        message = mail_enqueue(
            kind="mail.test",
            context={
                "sent_by": str(_person(self.request)),
                "sent_at": now(),
            },
            language=self.request.LANGUAGE_CODE,
            recipients=[Recipient(form.cleaned_data["address"])],
            created_by=_person(self.request),
        )
        messages.success(self.request, _("The test mail was queued."))
        return redirect("mail_admin:message", message.pk)


@method_decorator(permission_required(CHANGE_ADDRESSES), name="dispatch")
class SuspendView(MailFormView):
    """Suspends an address by hand."""

    form_class = SuspendForm
    page_title = gettext_lazy("Suspend an address")
    extra_context = {"submit": gettext_lazy("Suspend")}

    def form_valid(self, form: SuspendForm) -> HttpResponse:
        data = form.cleaned_data
        suppression = address_suspend(address=data["address"], cause=SuspensionCause.MANUAL, detail=data["detail"])
        messages.success(self.request, _("Nothing more is mailed to this address."))
        return redirect("mail_admin:suspension", suppression.pk)
