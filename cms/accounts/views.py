"""A person's own page, refusals, and what stands where a door was."""

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cms.calendar import today
from cms.mail.views.codes import granted_code

from .models import Affiliation, User
from .permissions import SECOND_FACTORS
from .services import PASSWORD_RESET, password_reset_path


class PersonsRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User


@login_required
@never_cache
def home(request: PersonsRequest) -> HttpResponse:
    """Show a person what is on file about them, and the way to change it."""
    affiliations = Affiliation.objects.of_person(request.user).active_on(today())
    context = {
        "affiliations": affiliations.select_related("organisation", "seat"),
        "has_second_factor": is_mfa_enabled(request.user, SECOND_FACTORS),
    }
    return render(request, "account/home.html", context)


@require_POST
@login_required
def session_end(request: PersonsRequest, pk: int) -> HttpResponse:
    """Log the person out on one other device. Somebody else's session isn't there."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, _("That device is logged out."))
    return redirect("usersessions_list")


@never_cache
def forbidden(request: HttpRequest) -> HttpResponse:
    """Say to somebody who is logged in that this isn't for them, and whom to ask. Never a redirect: that would loop."""
    return render(request, "account/forbidden.html", status=403)


@never_cache
def reset_by_code(request: HttpRequest) -> HttpResponse:
    """Lead who typed a code to the form that the mail's link opens; what is sent there uses the code up."""
    code = granted_code(request, PASSWORD_RESET)
    if code is None or code.person is None or not code.person.is_active:
        return redirect("mail:code")
    return redirect(password_reset_path(person=code.person))


def shut(request: HttpRequest, **_arguments: object) -> HttpResponse:
    """Stand in for a door that Wagtail opens and we don't."""
    raise Http404
