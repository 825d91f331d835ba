"""Two reports for staff: what was searched for in vain, and which documents cannot be found by their text."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from cms.calendar import format_date
from cms.media.models import SiteDocument

from .models import DocumentText, MissedQuery


class MissedQueryFilter(WagtailFilterSet):
    """By day."""

    class Meta:
        model = MissedQuery
        fields = ["day"]


class MissedQueriesReport(ReportView):
    """What visitors looked for and did not find, day by day. Open to everyone in the admin: it tells of nobody."""

    page_title = _("Searches without result")
    header_icon = "search"
    index_url_name = "search_missed"
    index_results_url_name = "search_missed_results"
    model = MissedQuery
    filterset_class = MissedQueryFilter
    is_searchable = False
    default_ordering = "-day"
    list_export = ("day", "words", "count")
    columns = (
        Column("words", label=_("Searched for"), sort_key="words"),
        Column("count", label=_("Times"), sort_key="count", width="15%"),
        Column("day", label=_("Day"), accessor=lambda row: format_date(row.day), sort_key="day", width="20%"),
    )

    def get_filename(self) -> str:
        """Name the exported file."""
        return "searches-without-result"


def document_permissions() -> Any:
    """Return who may do what with documents. Wagtail knows it once all apps are ready."""
    return policy_registry.get_by_type(SiteDocument)


class DocumentTextFilter(WagtailFilterSet):
    """By what became of the text."""

    class Meta:
        model = DocumentText
        fields = ["state"]


class DocumentTextsReport(ReportView):
    """Whether each document can be found by the text inside it, and why not. Shows what a person may edit."""

    page_title = _("Text of documents")
    header_icon = "doc-full-inverse"
    index_url_name = "search_documents"
    index_results_url_name = "search_documents_results"
    model = DocumentText
    filterset_class = DocumentTextFilter
    any_permission_required = ("add", "change")
    is_searchable = False
    list_export = ("document.title", "get_state_display")
    columns = (
        TitleColumn("document", label=_("Document"), accessor="document.title", get_url=lambda row: document_url(row)),
        Column("state", label=_("Text"), accessor="get_state_display", sort_key="state", width="30%"),
    )

    @property
    def permission_policy(self) -> Any:
        """Those who work with documents."""
        return document_permissions()

    def get_queryset(self) -> QuerySet[DocumentText]:
        """Only the documents that this person may change."""
        mine: QuerySet[Any] = document_permissions().instances_user_has_any_permission_for(
            self.request.user, ["change"]
        )
        texts = DocumentText.objects.filter(document__in=mine.values("pk"))
        return texts.select_related("document").order_by("-document__created_at")

    def get_filename(self) -> str:
        """Name the exported file."""
        return "text-of-documents"


def document_url(row: DocumentText) -> str:
    """Return where a document is edited."""
    return reverse("wagtaildocs:edit", args=[row.document_id])
