"""Takes redirects from a file, and deletes several at once.

Wagtail's own import reads UTF-8 only and fails on uneven rows; its list has nothing to tick.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.contrib.redirects.filters import RedirectsReportFilterSet
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.views import IndexView
from wagtail.models import Site
from wagtail.permissions import policy_registry

from cms.plugin_api.ticked import ListedAction
from cms.site.forms import RedirectFileForm
from cms.site.services.redirects import redirects_delete, redirects_import

DELETE = "wagtailredirects.delete_redirect"


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


class DeleteRedirects(ListedAction):
    """Deletes the redirects chosen: all of them or, on an error, none."""

    display_name = _("Delete")
    action_type = "delete"
    aria_label = _("Delete the chosen redirects")
    models = [Redirect]
    right = DELETE
    list_view = IndexView
    filterset = RedirectsReportFilterSet
    icon = "redirect"
    explanation = _(
        "These redirects are deleted. Whoever follows an old address is then told that there is no such page."
    )
    submit = _("Delete")
    classes = {"serious"}

    @classmethod
    def rows(cls) -> QuerySet[Redirect]:
        return Redirect.objects.all()

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[Redirect], **kwargs: Any) -> tuple[int, int]:
        return redirects_delete(redirects=objects, by=kwargs["by"]), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        words = ngettext("%(count)d redirect is deleted.", "%(count)d redirects are deleted.", num_parent_objects)
        return words % {"count": num_parent_objects}


def redirects_can_be_ticked() -> None:
    """Let the rows of Wagtail's list be ticked by whoever may delete them. Once for the process."""
    path, *rest = IndexView.columns
    named = TitleColumn(
        path.name,
        label=path.label,
        url_name=path.url_name,
        sort_key=path.sort_key,
        get_title_id=lambda redirect: f"redirect_{redirect.pk}_title",
    )
    ticks, shown = BulkActionsCheckboxColumn("bulk_actions", obj_type="redirect"), [named, *rest]

    def columns(view: IndexView) -> list[BaseColumn]:
        return [ticks, *shown] if view.request.user.has_perm(DELETE) else shown

    IndexView.columns = property(columns)
    IndexView.template_name = "plugin_api/rows_to_tick.html"
