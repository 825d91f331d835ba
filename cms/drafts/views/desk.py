"""What editors do with a draft on its way: links for people without an account, and the sheet for approval on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.access.selectors import reader_for
from cms.access.selectors.reach import files_out_of_reach
from cms.drafts.forms import DraftLinkForm
from cms.drafts.models import DraftLink
from cms.drafts.selectors import ApprovalSheet, draft_changes, draft_of
from cms.drafts.services import draft_link_make, draft_link_revoke
from cms.media.conf import files_kept_back

from . import Around, render_draft


def editable_draft(request: HttpRequest, page_id: int) -> Any:
    """Return the latest draft of a page. Raises Http404, and PermissionDenied for whoever may not edit the page."""
    draft = draft_of(page_id)
    if draft is None:
        raise Http404
    if not draft.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return draft


class DraftLinksView(WagtailAdminTemplateMixin, FormView[DraftLinkForm]):
    """Lists the links to the draft of a page, and makes another."""

    template_name = "drafts/admin/links.html"
    form_class = DraftLinkForm
    page_title = gettext_lazy("Links to the draft")
    header_icon = "link"

    def dispatch(self, request: HttpRequest, *args: Any, page_id: int, **kwargs: Any) -> HttpResponseBase:
        self.draft = editable_draft(request, page_id)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Name the page."""
        title: str = self.draft.get_admin_display_title()
        return title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the page's form."""
        edit = {"url": reverse("wagtailadmin_pages:edit", args=[self.draft.pk]), "label": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), edit, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the links, with their addresses in full."""
        links = DraftLink.objects.filter(page_id=self.draft.pk).select_related("created_by")
        listed = [(link, self.request.build_absolute_uri(link.get_absolute_url())) for link in links]
        return {**super().get_context_data(**kwargs), "links": listed, "draft": self.draft}

    def form_valid(self, form: DraftLinkForm) -> HttpResponse:
        """Make the link."""
        data = form.cleaned_data
        draft_link_make(page=self.draft, lasting=data["lasting"], note=data["note"], by=self.request.user)
        messages.success(self.request, _("The link is ready. Copy its address from the list and send it."))
        return redirect("drafts_links", self.draft.pk)


def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a link, by POST; for those who may edit its page."""
    link = get_object_or_404(DraftLink.objects.select_related("page"), pk=pk)
    editable_draft(request, link.page_id)
    if request.method == "POST":
        draft_link_revoke(link=link, by=request.user)
        messages.success(request, _("The link opens nothing any longer."))
    return redirect("drafts_links", link.page_id)


def approval_sheet(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Show the draft as it will look, with boxes for seals above and what changes below, to be printed on A4."""
    draft = editable_draft(request, page_id)
    reader = reader_for(request.user)
    with files_kept_back(files_out_of_reach(draft, reader)):
        sheet = ApprovalSheet(draft, draft_changes(draft, request) if draft.live else [])
    around = Around(above="drafts/sheet.html", below="drafts/changes.html", context={"sheet": sheet})
    return render_draft(request, draft, around=around, reader=reader)
