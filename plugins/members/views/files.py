"""Files into the register and out of it, in the admin."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from plugins.members.enums import FileFormat, ImportKind
from plugins.members.forms.register import UploadForm
from plugins.members.models import RegisterImport
from plugins.members.permissions import IMPORT_REGISTER, VIEW_REGISTER
from plugins.members.services.exports import register_export
from plugins.members.services.imports import (
    COLUMNS,
    PlanChangedError,
    import_map,
    import_plan,
    import_upload,
    import_write,
)
from plugins.members.services.rows import Plan
from plugins.members.services.spreadsheets import table_write
from plugins.members.tables import absent_columns, line_columns

from .desk import Trail, person_of
from .register import RegisterFilters, chosen_day, register_on

LINES_PER_PAGE = 100
CONTENT_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.CP932: "text/csv; charset=Shift_JIS",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class LinePaginator(WagtailPaginator):
    """Counts rows in words."""

    verbose_name = gettext_lazy("row")
    verbose_name_plural = gettext_lazy("rows")


class ImportPage(WagtailAdminTemplateMixin):
    """Common to both steps."""

    header_icon = "upload"
    request: HttpRequest

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        parent = {"url": reverse("members_imports:index"), "label": _("Imports")}
        return [*super().get_breadcrumbs_items(), parent, here]


@method_decorator(permission_required(IMPORT_REGISTER), name="dispatch")
class UploadView(ImportPage, FormView):
    """Takes a file."""

    form_class = UploadForm
    template_name = "members/admin/upload.html"
    page_title = gettext_lazy("Read a file into the register")

    def form_valid(self, form: UploadForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        kind = ImportKind(form.cleaned_data["kind"])
        try:
            made = import_upload(kind=kind, file=file, size=file.size, name=file.name, by=person_of(self.request))
        except ValidationError as error:
            form.add_error("file", error)
            return self.form_invalid(form)
        return redirect("members_admin:import", made.pk)

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        """Say what is wrong with the file; the status tells programs that nothing was taken."""
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [(kind.label, [column.label for column in COLUMNS[kind]]) for kind in ImportKind]
        return super().get_context_data(columns=columns, **kwargs)


@method_decorator(permission_required(IMPORT_REGISTER), name="dispatch")
class ImportView(ImportPage, TemplateView):
    """Shows what a file would do, line by line; maps its columns; writes it once it is confirmed."""

    template_name = "members/admin/import.html"
    page_title = gettext_lazy("Read a file into the register")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.register_import = get_object_or_404(RegisterImport, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.register_import.file_name

    @cached_property
    def plan(self) -> Plan | None:
        """What the file would do, unless it has been done."""
        return None if self.register_import.written_at else import_plan(register_import=self.register_import)

    @cached_property
    def mapping_form(self) -> forms.Form:
        """A choice for each column of the file."""
        columns = COLUMNS[self.register_import.kind]
        choices = [("", _("(leave out)")), *((column.field, column.label) for column in columns)]
        fields = {
            f"column-{place}": forms.ChoiceField(
                label=heading or _("(no heading)"),
                choices=choices,
                required=False,
                initial=self.register_import.mapping.get(heading, ""),
            )
            for place, heading in enumerate(self.register_import.headings)
        }
        return type("MappingForm", (forms.Form,), fields)(self.request.POST if "map" in self.request.POST else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Map the columns anew, or write what was shown."""
        return self._map() if "map" in request.POST else self._write()

    def _map(self) -> HttpResponse:
        form = self.mapping_form
        if form.is_valid():
            mapping = {
                heading: form.cleaned_data[f"column-{place}"]
                for place, heading in enumerate(self.register_import.headings)
                if heading
            }
            try:
                import_map(register_import=self.register_import, mapping=mapping)
            except ValidationError as error:
                messages.error(self.request, " ".join(error.messages))
            else:
                messages.success(self.request, _("The columns are remembered for the next file."))
        return redirect("members_admin:import", self.register_import.pk)

    def _write(self) -> HttpResponse:
        try:
            done = import_write(
                register_import=self.register_import,
                digest=self.request.POST.get("digest", ""),
                by=person_of(self.request),
            )
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        except PlanChangedError:
            messages.warning(
                self.request,
                _("The register has changed since the preview. Nothing was written; please look at the new preview."),
            )
        else:
            words = {"new": done.created_count, "changed": done.changed_count, "errors": done.error_count}
            sentence = _("Written: %(new)d new, %(changed)d changed. Left out because of errors: %(errors)d.")
            messages.success(self.request, sentence % words)
        return redirect("members_admin:import", self.register_import.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, state, missing = self.plan, self.request.GET.get("state", ""), self._missing()
        lines = [line for line in plan.lines if not state or line.state == state] if plan else []
        page = LinePaginator(lines, LINES_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            register_import=self.register_import,
            plan=plan,
            state=state,
            page_obj=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            table=Table(line_columns(), page.object_list),
            mapping_form=self.mapping_form,
            missing=missing,
            columns_class="" if missing else "collapsed",
            left_out=self._left_out(),
            **kwargs,
        )

    def _left_out(self) -> list[str]:
        stored = self.register_import
        return [heading for heading in stored.headings if heading and not stored.mapping.get(heading)]

    def _missing(self) -> list[Any]:
        mapped = set(self.register_import.mapping.values())
        columns = COLUMNS[self.register_import.kind]
        return [column.label for column in columns if column.required and column.field not in mapped]


@method_decorator(permission_required(IMPORT_REGISTER), name="dispatch")
class AbsentView(ImportPage, TemplateView):
    """Lists what the register holds and the file doesn't name, page by page or as a file. It stays as it is."""

    template_name = "members/admin/absent.html"
    page_title = gettext_lazy("Not in the file")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.register_import = get_object_or_404(RegisterImport, pk=kwargs["pk"], written_at__isnull=True)
        self.absent = import_plan(register_import=self.register_import).absent

    def get_page_subtitle(self) -> str:
        return self.register_import.file_name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, or send it as a file."""
        if "csv" not in request.GET:
            return super().get(request, *args, **kwargs)
        columns = absent_columns(ImportKind(self.register_import.kind))
        rows = [[str(column.get_value(one) or "") for column in columns] for one in self.absent]
        octets = table_write(headings=[str(column.label) for column in columns], rows=rows, file_format=FileFormat.CSV)
        return _attached(octets, FileFormat.CSV, f"absent-{self.register_import.pk}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = LinePaginator(self.absent, LINES_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            register_import=self.register_import,
            page_obj=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            table=Table(absent_columns(ImportKind(self.register_import.kind)), page.object_list),
            **kwargs,
        )


def listed_organisations(request: HttpRequest, asked: QueryDict) -> Any:
    """Return what the register lists when it is asked for by that query: by day, filters and search."""
    listed = RegisterFilters(asked, queryset=register_on(chosen_day(asked)), request=request).qs
    return listed.search(asked["q"]) if asked.get("q") else listed


def _attached(octets: bytes, file_format: FileFormat, name: str) -> HttpResponse:
    response = HttpResponse(octets, content_type=CONTENT_TYPES[file_format])
    ending = "xlsx" if file_format == FileFormat.XLSX else "csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@method_decorator(permission_required(VIEW_REGISTER), name="dispatch")
class ExportView(View):
    """Gives the register, narrowed as the list was, as a file that the import reads again."""

    def get(self, request: HttpRequest, kind: str, file_format: str) -> HttpResponse:
        """Send the file, or go back to the list with the sentence that says why not."""
        if kind not in ImportKind.values or file_format not in FileFormat.values:
            raise Http404
        on = chosen_day(request.GET)
        chosen = FileFormat(file_format)
        try:
            octets = register_export(
                kind=ImportKind(kind),
                organisations=listed_organisations(request, request.GET),
                on=on,
                file_format=chosen,
                by=person_of(request),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(f"{reverse('members_admin:register')}?{request.GET.urlencode()}")
        return _attached(octets, chosen, f"{kind}-{on.isoformat()}")
