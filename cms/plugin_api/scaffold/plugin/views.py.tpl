"""Addresses beside those of the pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Entry

SHOWN = 50


def latest(request: HttpRequest) -> HttpResponse:
    """Show the list."""
    return render(request, "${slug}/latest.html", {"entries": Entry.objects.shown()[:SHOWN]})
