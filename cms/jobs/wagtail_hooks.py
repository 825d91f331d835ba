"""Shows the worker's state in the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .viewsets import VIEW_FAILURES, FailedJobsReport, QueueHealthPanel


class FailedJobsMenuItem(MenuItem):
    """Shown to those who may read the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the same permission as the report itself."""
        return request.user.has_perm(VIEW_FAILURES)


@hooks.register("construct_homepage_panels")
def add_queue_health(request: HttpRequest, panels: list[Any]) -> None:
    """Put the worker's state on the home page."""
    panels.append(QueueHealthPanel())


@hooks.register("register_reports_menu_item")
def register_failed_jobs() -> MenuItem:
    """Put the report into the menu."""
    return FailedJobsMenuItem(_("Failed jobs"), reverse_lazy("jobs_failed"), icon_name="warning", order=900)


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern]:
    """Mount the report below the admin's own reports."""
    return [
        path("reports/failed-jobs/", FailedJobsReport.as_view(), name="jobs_failed"),
        path("reports/failed-jobs/results/", FailedJobsReport.as_view(results_only=True), name="jobs_failed_results"),
    ]
