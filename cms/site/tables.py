"""The admin's lists and reports, ours and Wagtail's: the files they are exported to, and how filters are said."""

from __future__ import annotations

import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.template.defaultfilters import yesno
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.active_filters import ActiveFilter, BaseFilterAdapter, register_filter_adapter_class
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.coreutils import multigetattr

from cms.calendar import at_tokyo

FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
"""With these a spreadsheet program reads a cell as a formula; full-width signs count in Japanese ones."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"

DISPLAY = re.compile(r"get_(\w+)_display")
"""Django's method for the label of a choice, with the field's name."""

_preprocess = SpreadsheetExportMixin.preprocess_field_value
_stream = SpreadsheetExportMixin.stream_csv
_heading_of_wagtail = SpreadsheetExportMixin.get_heading


FILE = {
    "title": _("Title"),
    "filename": _("File"),
    "collection.name": _("Collection"),
    "created_at": _("Created"),
    "usage_count": _("Usage"),
}
PAGE = {
    "get_admin_display_title": _("Title"),
    "latest_revision_created_at": _("Updated"),
    "page_type_display_name": _("Type"),
    "status_string": _("Status"),
}
"""What a list shows of a file, and of a page, with the headings of its columns."""


def make_lists_exportable() -> None:
    """Let Wagtail's lists of pages, images and documents be exported, with what their filters and search leave."""
    from wagtail.admin.views.pages.listing import ExplorableIndexView
    from wagtail.admin.viewsets.pages import PageViewSet
    from wagtail.documents.views.documents import IndexView as DocumentIndexView
    from wagtail.images.views.images import IndexView as ImageIndexView

    for view, name, columns in (
        (ExplorableIndexView, "pages", PAGE),
        (ImageIndexView, "images", FILE),
        (DocumentIndexView, "documents", FILE),
    ):
        view.list_export, view.export_headings, view.export_filename = [*columns], columns, name
    PageViewSet.export_filename = "pages"
    ImageIndexView.get_paginate_by = _whole(ImageIndexView.get_paginate_by)


def _whole(get_paginate_by: Callable[..., int | None]) -> Callable[..., int | None]:
    """Let a file hold every row: the list of images has a size of its own, for the screen."""

    @wraps(get_paginate_by)
    def call(view: SpreadsheetExportMixin, rows: Any) -> int | None:
        return None if view.is_export else get_paginate_by(view, rows)

    return call


def make_exports_safe() -> None:
    """Let every export write text as text, and CSV in a form that Japanese Excel reads.

    In the one class that all of them stand on: a list that somebody adds later is safe without being told to be.
    """
    SpreadsheetExportMixin.preprocess_field_value = _text_as_text
    SpreadsheetExportMixin.stream_csv = _marked_csv


def _text_as_text(view: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    """Put an apostrophe before what would run as a formula."""
    cell = _preprocess(view, field, value, export_format)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _marked_csv(view: SpreadsheetExportMixin, queryset: Any) -> Iterator[bytes]:
    """Begin with the mark by which Excel knows UTF-8.

    All is written before the answer begins: while it is sent, what a request reads once would be read for every row.
    """
    return iter([BOM.encode(), *_stream(view, queryset)])


def make_exports_readable() -> None:
    """Let every export say what the screen says, in the reader's language, also one that somebody adds later.

    A heading is the label of the column that shows the same, else the field's; a choice is its label, a moment Japanese
    time to the minute. Days stay `2010-04-01` and moments `2010-04-01 09:00`: a spreadsheet program sorts them.
    """
    SpreadsheetExportMixin.get_heading = _heading
    SpreadsheetExportMixin.to_row_dict = _row
    csv, xlsx = SpreadsheetExportMixin.FORMAT_CSV, SpreadsheetExportMixin.FORMAT_XLSX
    SpreadsheetExportMixin.custom_value_preprocess = {
        **SpreadsheetExportMixin.custom_value_preprocess,
        dt.datetime: {csv: lambda moment: f"{_minute(moment):%Y-%m-%d %H:%M}", xlsx: _minute},
        bool: {csv: yesno, xlsx: yesno},
    }


def _minute(moment: dt.datetime) -> dt.datetime:
    """Return what a clock in Japan shows; a spreadsheet knows no zones."""
    return at_tokyo(moment).replace(second=0, microsecond=0, tzinfo=None)


def _heading(view: SpreadsheetExportMixin, queryset: Any, field: str) -> str:
    column, found = _column(view, field), _field(_model(view, queryset), field)
    said = view.export_headings.get(field) or (column and column.label) or (found and found.verbose_name)
    return capfirst(str(said)) if said else _heading_of_wagtail(view, queryset, field)


def _model(view: SpreadsheetExportMixin, rows: Any) -> Any:
    """Return what the rows are. Some of Wagtail's reports give a list, and only their filters know."""
    filters = getattr(view, "filterset_class", None)
    return getattr(rows, "model", None) or view.model or (filters and filters._meta.model)  # noqa: SLF001  django-filter's


def _row(view: SpreadsheetExportMixin, item: Any) -> OrderedDict[str, Any]:
    return OrderedDict((field, _value(view, item, field)) for field in view.list_export)


def _value(view: SpreadsheetExportMixin, item: Any, field: str) -> Any:
    """Return a value in the words of the screen, but days and moments as they are."""
    column = None if field in view.custom_field_preprocess else _column(view, field)
    if column is not None and callable(column.accessor) and not isinstance(getattr(item, field, None), dt.date):
        return column.accessor(item)
    value = multigetattr(item, field)
    found = isinstance(value, str) and field not in view.custom_field_preprocess and _field(type(item), field)
    return dict(found.flatchoices).get(value, value) if found else value


def _column(view: SpreadsheetExportMixin, field: str) -> BaseColumn | None:
    """Return the column of the screen that shows the same."""
    return next((one for one in getattr(view, "columns", ()) if field in (one.name, one.accessor)), None)


def _field(model: Any, path: str) -> Any:
    """Return the field of a model at the end of a dotted path, of which an export may name the label's method."""
    *relations, last = path.split(".")
    try:
        for name in relations:
            model = model._meta.get_field(name).related_model  # noqa: SLF001  Django's public name for it
        found = model._meta.get_field(DISPLAY.sub(r"\1", last))  # noqa: SLF001  the same
    except (AttributeError, FieldDoesNotExist):
        return None
    return found if found.concrete else None


class YesNoAdapter(BaseFilterAdapter):
    """Says above a list which filter is on as its form does; Wagtail says True."""

    def get_active_filters(self) -> Iterator[ActiveFilter]:
        for one in super().get_active_filters():
            yield one._replace(value=yesno(self.value))


def make_filters_readable() -> None:
    """Let every filter that is on be said in the reader's language, also one that somebody adds later."""
    register_filter_adapter_class(django_filters.BooleanFilter, YesNoAdapter)
