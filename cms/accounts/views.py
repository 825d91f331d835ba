"""Refusals, and what stands where a door was."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
def forbidden(request: HttpRequest) -> HttpResponse:
    """Say to somebody who is logged in that this isn't for them, and whom to ask. Never a redirect: that would loop."""
    return render(request, "account/forbidden.html", status=403)


def shut(request: HttpRequest, **_arguments: object) -> HttpResponse:
    """Stand in for a door that Wagtail opens and we don't."""
    raise Http404
