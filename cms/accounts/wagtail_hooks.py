"""Wiring into Wagtail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.documents.models import AbstractDocument
from wagtail.models import BaseViewRestriction, Page

from .views import forbidden
from .viewsets import OrganisationViewSet, PersonChooserViewSet


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    """Put the register into the admin."""
    return [OrganisationViewSet(), PersonChooserViewSet()]


@hooks.register("before_serve_page", order=-1)
def refuse_page(page: Page, request: HttpRequest, _args: Any, _kwargs: Any) -> HttpResponse | None:
    """Refuse before Wagtail does: it would send somebody who is logged in to log in, for ever."""
    return _refuse(request, page.get_view_restrictions())


@hooks.register("before_serve_document", order=-1)
def refuse_document(document: AbstractDocument, request: HttpRequest) -> HttpResponse | None:
    """Refuse a document of a closed collection in the same way."""
    return _refuse(request, document.collection.get_view_restrictions())


def _refuse(request: HttpRequest, restrictions: list[BaseViewRestriction]) -> HttpResponse | None:
    for restriction in restrictions:
        by_password = restriction.restriction_type == BaseViewRestriction.PASSWORD
        # Shared passwords have no door here, so what is closed by one stays closed. Visitors else go to log in.
        if (by_password or request.user.is_authenticated) and not restriction.accept_request(request):
            return forbidden(request)
    return None
