"""Applications and announcements to leave, in the admin: one page each, with what can be decided."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.accounts.models import Organisation
from plugins.members.enums import ApplicationState
from plugins.members.forms.joining import AcceptApplicationForm, AskForm, ConfirmLeavingForm, DeclineForm
from plugins.members.models import Application, Withdrawal
from plugins.members.permissions import DECIDE_APPLICATIONS, DECIDE_WITHDRAWALS, VIEW_APPLICATIONS, VIEW_WITHDRAWALS
from plugins.members.services.applications import (
    application_accept,
    application_ask,
    application_decline,
    contact_differences,
)
from plugins.members.services.withdrawals import withdrawal_confirm, withdrawal_revoke

from .desk import DeskView, Trail, person_of


class ApplicationMixin(WagtailAdminTemplateMixin):
    """Looks up the application and says where the page stands."""

    header_icon = "form"
    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def application(self) -> Application:
        """Looked up after the right was checked: who lacks it doesn't learn what there is."""
        return get_object_or_404(Application, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.application.name

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        parent = {"url": reverse("members_applications:index"), "label": _("Applications to join")}
        return [*super().get_breadcrumbs_items(), parent, here]


@method_decorator(permission_required(VIEW_APPLICATIONS), name="dispatch")
class ApplicationView(ApplicationMixin, TemplateView):
    """What was applied for, what was asked and answered, and what can be done now."""

    template_name = "members/admin/application.html"
    page_title = gettext_lazy("Application to join")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer what can be decided."""
        application = self.application
        if not application.is_undecided or not self.request.user.has_perm(DECIDE_APPLICATIONS):
            return []
        actions = (
            ("accept", _("Accept"), "check", 10),
            ("ask", _("Ask back"), "help", 20),
            ("decline", _("Decline"), "cross", 30),
        )
        return [
            HeaderButton(
                label,
                reverse(f"members_admin:application_{name}", args=[application.pk]),
                icon_name=icon,
                priority=priority,
            )
            for name, label, icon, priority in actions
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.application
        return super().get_context_data(
            application=application,
            notes=application.notes.all(),
            known=Organisation.objects.filter(code=application.code).first(),
            is_declined=application.state == ApplicationState.DECLINED,
            **kwargs,
        )


class ApplicationActionView(ApplicationMixin, DeskView):
    """A form that does one thing to an application."""

    @property
    def back_url(self) -> str:
        return reverse("members_admin:application", args=[self.application.pk])


@method_decorator(permission_required(DECIDE_APPLICATIONS), name="dispatch")
class AcceptApplicationView(ApplicationActionView):
    """Makes the municipality a member."""

    form_class = AcceptApplicationForm
    page_title = gettext_lazy("Accept the application")
    submit = gettext_lazy("Accept the application")
    explanation = gettext_lazy(
        "The municipality becomes a member, its people get seats and invitations, and the applicant gets a letter."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "differences": contact_differences(application=self.application)}

    def act(self, data: dict[str, Any]) -> str:
        application_accept(application=self.application, by=person_of(self.request), **data)
        return _("The municipality is a member, and its people are invited.")


@method_decorator(permission_required(DECIDE_APPLICATIONS), name="dispatch")
class AskView(ApplicationActionView):
    """Asks the applicant something."""

    form_class = AskForm
    page_title = gettext_lazy("Ask back")
    submit = gettext_lazy("Send the question")

    def act(self, data: dict[str, Any]) -> str:
        application_ask(application=self.application, question=data["question"], by=person_of(self.request))
        return _("The question is sent.")


@method_decorator(permission_required(DECIDE_APPLICATIONS), name="dispatch")
class DeclineView(ApplicationActionView):
    """Declines with a letter."""

    form_class = DeclineForm
    page_title = gettext_lazy("Decline the application")
    submit = gettext_lazy("Decline the application")

    def act(self, data: dict[str, Any]) -> str:
        application_decline(application=self.application, letter=data["letter"], by=person_of(self.request))
        return _("The application is declined, and the letter is sent.")


@method_decorator(permission_required(VIEW_APPLICATIONS), name="dispatch")
class LetterView(ApplicationMixin, TemplateView):
    """The letter that declines, to be printed."""

    template_name = "members/admin/letter.html"
    page_title = gettext_lazy("Letter")

    @cached_property
    def application(self) -> Application:
        return get_object_or_404(Application, pk=self.kwargs["pk"], state=ApplicationState.DECLINED)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back_url = reverse("members_admin:application", args=[self.application.pk])
        return super().get_context_data(application=self.application, back_url=back_url, **kwargs)


@method_decorator(permission_required(VIEW_WITHDRAWALS), name="dispatch")
class WithdrawalView(WagtailAdminTemplateMixin, FormView):
    """What a member announced; confirming it ends the membership."""

    form_class = ConfirmLeavingForm
    template_name = "members/admin/withdrawal.html"
    page_title = gettext_lazy("Announcement to leave")
    header_icon = "logout"
    request: HttpRequest

    @cached_property
    def withdrawal(self) -> Withdrawal:
        """Looked up after the right was checked."""
        return get_object_or_404(Withdrawal.objects.select_related("organisation"), pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": self.withdrawal.ends_on}

    def get_page_subtitle(self) -> str:
        return str(self.withdrawal.organisation)

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        parent = {"url": reverse("members_withdrawals:index"), "label": _("Announcements to leave")}
        return [*super().get_breadcrumbs_items(), parent, here]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm or revoke; for whoever may."""
        if not request.user.has_perm(DECIDE_WITHDRAWALS):
            raise PermissionDenied
        if "revoke" in request.POST:
            return self._revoke(request)
        return super().post(request, *args, **kwargs)

    def _revoke(self, request: HttpRequest) -> HttpResponse:
        try:
            withdrawal_revoke(withdrawal=self.withdrawal, by=person_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The member stays. Please tell it so."))
        return redirect(request.path)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            withdrawal_confirm(
                withdrawal=self.withdrawal, ends_on=form.cleaned_data["ends_on"], by=person_of(self.request)
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        messages.success(self.request, _("The end of the membership is recorded."))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_decide = self.withdrawal.is_undecided and self.request.user.has_perm(DECIDE_WITHDRAWALS)
        return super().get_context_data(withdrawal=self.withdrawal, may_decide=may_decide, **kwargs)
