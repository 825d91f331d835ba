"""A public view and an admin view."""

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView


def index(request: HttpRequest) -> HttpResponse:
    return HttpResponse("dummy index")


class Panel(TemplateView):
    template_name = "dummy/card.html"
