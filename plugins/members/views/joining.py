"""What a municipality that wants to join sees, and a member that leaves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from cms.access.selectors import current_reader
from cms.accounts.models import Seat
from cms.calendar import today
from cms.mail.services.codes import CodeRefusedError
from cms.mail.views.codes import SESSION_KEY
from plugins.members.enums import WithdrawalState
from plugins.members.forms.joining import AnswerForm, ApplicationForm, WithdrawalForm
from plugins.members.models import Application, Withdrawal
from plugins.members.permissions import SPEAK_FOR_IT
from plugins.members.services.applications import (
    ANSWER,
    CONFIRM,
    ApplicationsThrottledError,
    application_answer,
    application_confirm,
    application_receive,
)
from plugins.members.services.withdrawals import withdrawal_announce

from .codes import CodeStep, ConfirmStep
from .corner import MemberView


@method_decorator(never_cache, name="dispatch")
class ApplyView(View):
    """Takes an application. It counts once the code that is mailed has been entered."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ApplicationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store it. A program that fell into the trap is told the same as a person, and nothing is kept."""
        form = ApplicationForm(request.POST)
        if form.was_filled_in_by_a_program:
            return redirect("members:applied")
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            application_receive(
                application=form.instance,
                language=get_language() or "",
                origin=get_adapter().get_client_origin(request),
            )
        except ValidationError as error:
            form.add_error("code", error)
            return self._page(request, form, status=422)
        except ApplicationsThrottledError:
            form.add_error(None, _("Very many applications arrived just now. Please send yours again in an hour."))
            return self._page(request, form, status=429)
        return redirect("members:applied")

    def _page(self, request: HttpRequest, form: ApplicationForm, status: int = 200) -> HttpResponse:
        return render(request, "members/apply.html", {"form": form}, status=status)


def applied(request: HttpRequest) -> HttpResponse:
    """Say that a code is on its way, and what to do with it."""
    return render(request, "members/applied.html")


class ConfirmView(ConfirmStep):
    """Lets the application count."""

    purpose = CONFIRM
    heading = gettext_lazy("Confirm the application")
    received = gettext_lazy("The application has been received")
    what_comes = gettext_lazy("The secretariat decides about it and writes to the mail address that you gave.")
    again = gettext_lazy("To the application")
    again_url = reverse_lazy("members:apply")
    application: Application

    def look_up(self) -> None:
        self.application = get_object_or_404(Application, pk=self.code.payload["application"])

    def rows(self) -> list[tuple[Any, Any]]:
        application = self.application
        return [
            (_("Municipality"), f"{application.name} ({application.code})"),
            (_("Section in charge"), application.section),
            (_("Mail address"), application.email),
            *((role.label, name) for role, name in application.people),
        ]

    def confirm(self) -> None:
        application_confirm(code=self.code)


class AnswerView(CodeStep):
    """Takes the answer to a question of the secretariat."""

    purpose = ANSWER
    template_name = "members/answer.html"
    application: Application

    def look_up(self) -> None:
        self.application = get_object_or_404(Application, pk=self.code.payload["application"])

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(request, AnswerForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the answer, or say why that can't be."""
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._form(request, form, 422)
        try:
            application_answer(code=self.code, text=form.cleaned_data["text"])
        except CodeRefusedError as refused:
            return self.page(request, 410, refusal=str(refused))
        except ValidationError as error:
            form.add_error(None, error)
            return self._form(request, form, 409)
        request.session.pop(SESSION_KEY, None)
        return self.page(request, done=True)

    def _form(self, request: HttpRequest, form: AnswerForm, status: int = 200) -> HttpResponse:
        application = self.application
        return self.page(request, status, form=form, application=application, notes=application.notes.all())


@method_decorator(never_cache, name="dispatch")
class LeaveView(MemberView):
    """A member announces that it leaves, by its section head or its lead contact."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse who doesn't speak for a member, and say whom to ask."""
        reader = current_reader()
        if reader.person is not None and reader.is_member:
            held = Seat.objects.held_by(reader.person, today()).filter(role__in=SPEAK_FOR_IT)
            if not held.exists():
                raise PermissionDenied(_("Please ask your section head or the lead contact to do this."))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, WithdrawalForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Announce, or say why that can't be."""
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            withdrawal_announce(organisation=self.organisation, by=self.person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self._page(request, form, 422)
        return redirect("members:leave")

    def _page(self, request: HttpRequest, form: WithdrawalForm, status: int = 200) -> HttpResponse:
        known = Withdrawal.objects.filter(organisation=self.organisation, state=WithdrawalState.ANNOUNCED).first()
        context = {"form": form, "organisation": self.organisation, "announced": known}
        return render(request, "members/leave.html", context, status=status)
