"""Takes redirects from a file, in the place of Wagtail's own import: that reads UTF-8 only and fails on uneven rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site
from wagtail.permissions import policy_registry

from cms.site.forms import RedirectFileForm
from cms.site.services.redirects import redirects_import


class RedirectImportView(WagtailAdminTemplateMixin, FormView[RedirectFileForm]):
    """Takes the file, and says of each row that it could not use why."""

    template_name = "site/admin/import_redirects.html"
    form_class = RedirectFileForm
    page_title = _("Import redirects")
    header_icon = "redirect"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in those who may add redirects."""
        if not policy_registry.get_by_type(Redirect).user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        listed = {"url": reverse("wagtailredirects:index"), "label": _("Redirects")}
        return [*super().get_breadcrumbs_items(), listed, {"url": "", "label": self.page_title}]

    def form_valid(self, form: RedirectFileForm) -> HttpResponse:
        """Stay on the page, with what came of it."""
        site = Site.objects.get(is_default_site=True)
        try:
            imported = redirects_import(octets=form.octets(), site=site, by=self.request.user)
        except ValidationError as error:
            form.add_error("file", error)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=self.form_class(), imported=imported))
