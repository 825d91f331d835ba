"""/accounts/mail/: which mails a person gets."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from cms.mail.forms import ChoicesForm
from cms.mail.services.choices import choices_of, choices_set


@method_decorator([login_required, never_cache], name="dispatch")
class ChoicesView(View):
    """Shows every kind that a person may get; what is official stays ticked whatever is posted."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        person = cast("AbstractUser", request.user)
        return render(request, "mail/choices.html", {"form": ChoicesForm(choices=choices_of(person=person))})

    def post(self, request: HttpRequest) -> HttpResponse:
        person = cast("AbstractUser", request.user)
        form = ChoicesForm(request.POST, choices=choices_of(person=person))
        choices_set(person=person, wanted=form.wanted)
        messages.success(request, _("Your choice is saved."))
        return redirect("mail:choices")
