"""Lets editors keep an earlier version of a document from readers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from cms.media.models import DocumentVersion
from cms.media.services import document_version_withhold


class WithholdView(View):
    """Asks, then withholds a version or shows it again; for those who may edit the document."""

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.version = get_object_or_404(DocumentVersion.objects.select_related("document"), pk=pk)
        if not self.version.document.is_editable_by_user(request.user):
            raise PermissionDenied
        return super().dispatch(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        title = _("Show again") if self.version.is_withheld else _("Withhold")
        context: dict[str, Any] = {"header_title": title, "page_title": title, "header_icon": "doc-full-inverse"}
        context |= {"page_subtitle": self.version.document.title, "version": self.version}
        return render(request, "media/admin/withhold.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        is_withheld = request.POST.get("withhold") == "yes"
        document_version_withhold(version=self.version, is_withheld=is_withheld, by=request.user)
        words = _("“%(file)s” is withheld.") if is_withheld else _("“%(file)s” is shown again.")
        messages.success(request, words % {"file": self.version.filename})
        return redirect("wagtaildocs:edit", self.version.document_id)
