"""/contact/: the form, and the page after it."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from cms.accounts.models import User

from .forms import EnquiryForm
from .models import ContactSettings
from .services import EnquiriesThrottledError, enquiry_receive


@method_decorator(never_cache, name="dispatch")
class ContactView(View):
    """Shows the form and takes it."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, EnquiryForm(initial=_known_of(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store and mail it. A program that fell into the trap is told the same as a person, and nothing is kept."""
        form = EnquiryForm(request.POST)
        if form.was_filled_in_by_a_program:
            return redirect("contact:sent")
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            enquiry_receive(
                enquiry=form.instance,
                language=get_language() or "",
                origin=get_adapter().get_client_origin(request),
            )
        except EnquiriesThrottledError:
            form.add_error(
                None,
                _("Very many messages arrived just now. Please send yours again in ten minutes; it is still here."),
            )
            return self._page(request, form, status=429)
        return redirect("contact:sent")

    def _page(self, request: HttpRequest, form: EnquiryForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "settings": ContactSettings.load(request)}
        return render(request, "contact/form.html", context, status=status)


def sent(request: HttpRequest) -> HttpResponse:
    """Say that it arrived and what happens now."""
    return render(request, "contact/sent.html")


def _known_of(request: HttpRequest) -> dict[str, Any]:
    """Return what a person who has logged in need not type."""
    user = request.user
    return {"name": user.display_name, "email": user.email} if isinstance(user, User) else {}
