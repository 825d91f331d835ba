"""The report on failed jobs, and the panel on the admin's home page that leads to it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from .selectors import FAILURES_SHOWN_FOR, queue_health, recent_failures

VIEW_FAILURES = "django_q.view_failure"


class FailedJobsReport(ReportView):
    """Jobs that failed lately, with the last line of each error."""

    page_title = _("Failed jobs")
    header_icon = "warning"
    index_url_name = "jobs_failed"
    index_results_url_name = "jobs_failed_results"
    permission_policy = ModelPermissionPolicy(Failure)
    permission_required = "view"
    is_searchable = False
    list_export = ("group", "stopped", "result")
    export_headings = {"group": _("Job"), "result": _("Error")}
    columns = (
        Column("job", label=_("Job"), accessor=lambda failure: job_name(failure)),
        DateColumn("stopped", label=_("Failed at"), width="20%"),
        Column("error", label=_("Error"), accessor=lambda failure: error_line(failure)),
    )

    def get_queryset(self) -> QuerySet[Failure]:
        """Only what is recent: an old failure has been seen, or nobody missed its work."""
        return recent_failures()

    def get_filename(self) -> str:
        """Name the exported file."""
        return "failed-jobs"


def job_name(failure: Failure) -> str:
    """Return the task that a queue entry stands for; all entries run the same function with the task's path."""
    return str(failure.args[0]) if failure.args else failure.func


def error_line(failure: Failure) -> str:
    """Return the last line of the traceback, which names the error."""
    lines = str(failure.result or "").strip().splitlines()
    return lines[-1] if lines else ""


class QueueHealthPanel(Component):
    """Says whether the worker runs, since everything scheduled waits for it."""

    name = "queue_health"
    template_name = "jobs/queue_health.html"
    order = 350

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the way to the failures for those who may read them."""
        user = (parent_context or {})["request"].user
        link = reverse("jobs_failed") if user.has_perm(VIEW_FAILURES) else ""
        return {"health": queue_health(), "failures_url": link, "days": FAILURES_SHOWN_FOR.days}
