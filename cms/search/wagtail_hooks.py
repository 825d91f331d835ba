"""Puts the reports of the search into the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .viewsets import DocumentTextsReport, MissedQueriesReport, document_permissions


class DocumentTextsMenuItem(MenuItem):
    """Shown to those who work with documents."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the same permission as the report itself."""
        return document_permissions().user_has_any_permission(request.user, ["add", "change"])


@hooks.register("register_reports_menu_item")
def register_missed_queries() -> MenuItem:
    """Put what nobody found into the menu."""
    return MenuItem(_("Searches without result"), reverse_lazy("search_missed"), icon_name="search", order=700)


@hooks.register("register_reports_menu_item")
def register_document_texts() -> MenuItem:
    """Put the texts of documents into the menu."""
    url = reverse_lazy("search_documents")
    return DocumentTextsMenuItem(_("Text of documents"), url, icon_name="doc-full-inverse", order=710)


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern]:
    """Mount the reports below the admin's own."""
    missed, documents = MissedQueriesReport, DocumentTextsReport
    return [
        path("reports/search/", missed.as_view(), name="search_missed"),
        path("reports/search/results/", missed.as_view(results_only=True), name="search_missed_results"),
        path("reports/search-documents/", documents.as_view(), name="search_documents"),
        path(
            "reports/search-documents/results/",
            documents.as_view(results_only=True),
            name="search_documents_results",
        ),
    ]
