"""The admin's lists of meetings and of their series, and the checks of what is written."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.calendar import FiscalYear, format_period

from .models import MeetingPage, MeetingSeries
from .selectors import SAYS_NOTHING, SPACED_WORD, expiring_pages


def fiscal_years_of_meetings() -> list[tuple[int, str]]:
    """Return the fiscal years in which there are meetings, drafts too, the latest first."""
    years = MeetingPage.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return [(year, FiscalYear(year).label) for year in years]


class MeetingFilterSet(PageFilterSet):
    """Narrows the list to a fiscal year and a series."""

    fiscal_year = ChoiceFilter(label=_("Fiscal year"), choices=fiscal_years_of_meetings)

    class Meta:
        model = MeetingPage
        fields = ["fiscal_year", "series"]


class MeetingIndexView(IndexView):
    """Can be exported, with the columns of the screen."""

    list_export = ("get_admin_display_title", "fiscal_year", "number", "start", "end", "status_string")
    export_headings = {"get_admin_display_title": _("Title"), "status_string": _("Status")}


class MeetingListing(PageListingViewSet):
    """Meetings with what tells them apart."""

    model = MeetingPage
    icon = "group"
    menu_label = _("Meetings")
    add_to_admin_menu = True
    menu_order = 110
    index_view_class = MeetingIndexView
    export_filename = "meetings"
    filterset_class = MeetingFilterSet
    columns = [
        *IndexView.base_columns[:2],
        Column("fiscal_year", label=_("Fiscal year"), accessor=lambda page: FiscalYear(page.fiscal_year).label),
        Column("number", label=_("Number"), sort_key="number"),
        Column(
            "start",
            label=_("Date and time"),
            sort_key="start",
            accessor=lambda page: format_period(page.start, page.end) if page.start else "",
        ),
        *IndexView.base_columns[4:],
    ]


class ExpiringPagesReport(ReportView):
    """Pages that go by themselves within the next days, of those that a person may edit."""

    page_title = _("Pages about to expire")
    header_icon = "time"
    index_url_name = "pages_expiring"
    index_results_url_name = "pages_expiring_results"
    model = Page
    is_searchable = False
    list_export = ("title", "expire_at", "url")
    export_headings = {"url": "URL"}
    columns = (
        TitleColumn("title", label=_("Page"), get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk])),
        DateColumn("expire_at", label=_("Expires"), width="30%"),
    )

    @property
    def permission_policy(self) -> Any:
        """Those who work with pages; each sees their own."""
        return policy_registry.get_by_type(Page)

    any_permission_required = ("add", "change", "publish")

    def get_queryset(self) -> PageQuerySet[Page]:
        return expiring_pages(self.request.user)

    def get_filename(self) -> str:
        """Name the exported file."""
        return "pages-about-to-expire"


class MeetingSeriesViewSet(SnippetViewSet):
    """The series that an administrator keeps."""

    model = MeetingSeries
    icon = "group"
    menu_label = _("Meeting series")
    add_to_settings_menu = True
    list_display = ["name", "slug", BooleanColumn("is_main", label=_("main series"))]
    list_export = ["name", "slug", "is_main"]
    export_filename = "meeting-series"
    search_fields = ["name", "slug"]


class JapaneseContentChecks(ContentCheckerItem):
    """Wagtail's content checks, and ours of Japanese text: in the preview while a page is written, and on the page."""

    class Media:
        js = ["pages/js/content_checks.js"]

    axe_run_only = [*ContentCheckerItem.axe_run_only, "image-alt", "spaced-word", "link-says-something"]
    axe_custom_rules = [
        *ContentCheckerItem.axe_custom_rules,
        {
            "id": "spaced-word",
            "impact": "serious",
            "selector": "main :is(h1, h2, h3, h4, h5, h6, p, li, th, td, dt, dd, caption, figcaption, a, b, strong)",
            "tags": ["best-practice"],
            "any": ["check-spaced-word"],
            "enabled": True,
        },
        {
            "id": "link-says-something",
            "impact": "serious",
            "selector": "main a[href]",
            "tags": ["best-practice"],
            "any": ["check-link-says-something"],
            "enabled": True,
        },
    ]
    axe_custom_checks = [
        *ContentCheckerItem.axe_custom_checks,
        {"id": "check-spaced-word", "options": {"pattern": SPACED_WORD.pattern}},
        {"id": "check-link-says-something", "options": {"words": sorted(SAYS_NOTHING)}},
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        "image-alt": {
            "error_name": _("Image without alternative text"),
            "help_text": _("Say in words what the image shows"),
        },
        "spaced-word": {
            "error_name": _("Spaces inside a word"),
            "help_text": _("They are read out letter by letter, and search misses the word"),
        },
        "link-says-something": {
            "error_name": _("The text of a link says nothing"),
            "help_text": _("Let it say where the link leads"),
        },
    }
