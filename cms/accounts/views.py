"""A person's own page, refusals, and what stands where a door was."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from cms.calendar import today

from .models import Affiliation, User
from .permissions import SECOND_FACTORS


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


@never_cache
def forbidden(request: HttpRequest) -> HttpResponse:
    """Say to somebody who is logged in that this isn't for them, and whom to ask. Never a redirect: that would loop."""
    return render(request, "account/forbidden.html", status=403)


def shut(request: HttpRequest, **_arguments: object) -> HttpResponse:
    """Stand in for a door that Wagtail opens and we don't."""
    raise Http404
