"""What somebody invited sees: choose an ID and a password, then, if wanted, a second factor or a passkey."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from cms.access.selectors import current_reader
from cms.accounts.forms import LoginForm
from cms.mail.services.codes import CodeRefusedError, code_refusal
from cms.mail.views.codes import SESSION_KEY, entered_code
from plugins.members.forms.seats import AcceptForm
from plugins.members.models import Invitation
from plugins.members.services.invitations import INVITATION, account_refusal, invitation_accept, invitation_of_code


@method_decorator([never_cache, sensitive_post_parameters("password", "again")], name="dispatch")
class AcceptView(View):
    """Where a code of an invitation leads. Looking uses nothing up."""

    http_method_names = ["get", "head", "post"]
    invitation: Invitation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for a code where none was entered; say what became of one that allows nothing any more."""
        code = entered_code(request, INVITATION)
        if code is None:
            return redirect("mail:code")
        invitation = invitation_of_code(code=code)
        if refusal := code_refusal(code=code):
            return self._refused(request, refusal)
        if invitation is None:
            return redirect("mail:code")
        if refusal := account_refusal(person=invitation.person):
            return self._refused(request, refusal)
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show who is invited, and ask."""
        person = self.invitation.person
        return self._page(request, AcceptForm(person=person, initial={"username": person.username}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept, and log the person in by the one door."""
        form = AcceptForm(request.POST, person=self.invitation.person)
        if not form.is_valid():
            return self._page(request, form, 422)
        chosen = {"username": form.cleaned_data["username"], "password": form.cleaned_data["password"]}
        try:
            invitation_accept(invitation=self.invitation, **chosen)
        except CodeRefusedError as refused:
            return self._refused(request, str(refused))
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self._page(request, form, 422)
        request.session.pop(SESSION_KEY, None)
        return self._log_in(request, **chosen)

    def _log_in(self, request: HttpRequest, *, username: str, password: str) -> HttpResponse:
        form = LoginForm({"login": username, "password": password}, request=request)
        if not form.is_valid():
            return redirect("account_login")
        return cast("HttpResponse", form.login(request, redirect_url=reverse("members:welcome")))

    def _page(self, request: HttpRequest, form: AcceptForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "invitation": self.invitation}
        return render(request, "members/accept.html", context, status=status)

    def _refused(self, request: HttpRequest, refusal: str) -> HttpResponse:
        return render(request, "members/accept.html", {"refusal": refusal}, status=410)


@method_decorator(never_cache, name="dispatch")
class WelcomeView(LoginRequiredMixin, TemplateView):
    """What a person who has just come can do next: a second factor, a passkey, or nothing."""

    template_name = "members/welcome.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lead on to the corner, unless the person's time on the seat is still to come."""
        go_on = reverse("members:corner") if current_reader().is_member else "/"
        return super().get_context_data(go_on=go_on, **kwargs)
