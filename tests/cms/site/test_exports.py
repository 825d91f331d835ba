"""What the admin's lists and reports are exported to: no cell runs as a formula, and Japanese Excel reads it."""

import codecs
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cms.accounts.models import User

OURS = {
    "enquiries",
    "people",
    "roster",
    "memberships",
    "officers",
    "announcements",
    "failed-jobs",
    "searches-without-result",
}


def exports(resolver: Any) -> Iterator[SpreadsheetExportMixin]:
    """Yield every view of the site that can export."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from exports(one)
            continue
        function = one.callback
        while function is not None and not hasattr(function, "view_class"):
            function = getattr(function, "__wrapped__", None)
        if function is not None and issubclass(function.view_class, SpreadsheetExportMixin):
            view = function.view_class(**function.view_initkwargs)
            if view.list_export:
                yield view


def test_no_export_of_the_admin_holds_a_formula_and_all_open_in_japanese_excel() -> None:
    found = {(type(view), view.get_filename(), view.export_filename): view for view in exports(get_resolver())}
    cells, texts = [], []
    for view in found.values():
        view.request = RequestFactory().get("/")
        view.request.user = AnonymousUser()
        texts.append(next(view.stream_csv(User.objects.none())))
        plain = [field for field in view.list_export if field not in view.custom_field_preprocess]
        cells += [
            (type(view), field, view.preprocess_field_value(field, f"{start}1", file_format))
            for field in plain
            for file_format in view.FORMATS
            for start in "=+-@\t\r＝＋－＠"
        ]

    assert [cell for cell in cells if not cell[2].startswith("'")] == []
    assert all(text.startswith(codecs.BOM_UTF8) for text in texts)
    assert {view.get_filename() for view in found.values()} >= OURS


@pytest.mark.parametrize("value", [-5, None, "1-1", "本文"])
def test_what_runs_nowhere_is_exported_as_it_is(value: Any) -> None:
    assert SpreadsheetExportMixin().preprocess_field_value("note", value, "csv") == value
