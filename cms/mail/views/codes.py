"""/code/: where a printed code is typed. Fetching uses nothing up; neither does a good code by itself."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from cms.mail.conf import code_purposes
from cms.mail.forms import CodeForm
from cms.mail.models import Code, Suppression
from cms.mail.services.codes import CodeRefusedError, CodeThrottledError, code_find
from cms.mail.services.suspensions import CONFIRM_ADDRESS, address_confirm

SESSION_KEY = "mail_code"


def entered_code(request: HttpRequest, purpose: str) -> Code | None:
    """Return the code that this visitor entered for a purpose, also where it allows nothing any more."""
    return Code.objects.filter(purpose=purpose, pk=request.session.get(SESSION_KEY) or 0).first()


def granted_code(request: HttpRequest, purpose: str) -> Code | None:
    """Return the code that this visitor entered for a purpose, while it can still be used."""
    usable = Code.objects.usable(timezone.now()).filter(purpose=purpose)
    return usable.filter(pk=request.session.get(SESSION_KEY) or 0).first()


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class CodeView(View):
    """Takes a code and leads to what it allows, where it is used up."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the code, and keep in the session that it was good."""
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            code = code_find(text=form.cleaned_data["code"], origin=get_adapter().get_client_origin(request))
        except CodeThrottledError:
            return render(request, "429.html", {"no_password": True}, status=429)
        except CodeRefusedError as refused:
            form.add_error("code", str(refused))
            return self._page(request, form, 422)
        request.session[SESSION_KEY] = code.pk
        return redirect(reverse(code_purposes()[code.purpose].view))

    def _page(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        return render(request, "mail/code.html", {"form": form}, status=status)


@method_decorator(never_cache, name="dispatch")
class ConfirmAddressView(View):
    """What a code of the purpose "confirm a mail address" allows: to lift the suspension of that address."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask; without a good code, ask for one."""
        code = granted_code(request, CONFIRM_ADDRESS)
        if code is None:
            return redirect("mail:code")
        suppression = Suppression.objects.filter(pk=code.payload["suppression"]).first()
        return self._page(request, address=suppression.address if suppression else "")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Lift the suspension and use the code up."""
        code = granted_code(request, CONFIRM_ADDRESS)
        if code is None:
            return redirect("mail:code")
        try:
            suppression = address_confirm(code=code)
        except CodeRefusedError:
            return redirect("mail:code")
        request.session.pop(SESSION_KEY, None)
        return self._page(request, address=suppression.address, done=True)

    def _page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        return render(request, "mail/address_confirmation.html", context)
