"""Makes a page of any type, knowing only its fields."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from wagtail.models import Page, Site

_number = count(1)
BY_FIELD: dict[type[models.Field[Any, Any]], Any] = {
    models.BooleanField: False,
    models.DateTimeField: datetime(2009, 6, 9, 11, 45, tzinfo=ZoneInfo("Asia/Tokyo")),
    models.DateField: date(2009, 6, 9),
    models.TimeField: time(11, 45),
    models.IntegerField: 2009,
    models.DecimalField: 1,
    models.FloatField: 1.0,
    models.TextField: "x",
    models.CharField: "x",
}


def sample_page(model: type[Page], parent: Page | None = None, **values: Any) -> Page:
    """Return a live page of that type below `parent` (the home page), its required fields filled by their kind.

    Give `values` for fields that need better ones, such as foreign keys.
    """
    parent = parent or Site.objects.get(is_default_site=True).root_page
    number = next(_number)
    given = {"title": f"Sample {number}", "slug": f"sample-{number}", "live": True, **_required(model), **values}
    return parent.add_child(instance=model(**given))


def _required(model: type[Page]) -> dict[str, Any]:
    own = [field for field in model._meta.concrete_fields if field.model not in Page.__mro__]  # noqa: SLF001 - public
    return {field.name: _value(field) for field in own if _is_needed(field)}


def _is_needed(field: models.Field[Any, Any]) -> bool:
    has_value = field.null or field.blank or field.has_default() or field.is_relation
    return not has_value and not field.auto_created


def _value(field: models.Field[Any, Any]) -> Any:
    if field.choices:
        return field.flatchoices[0][0]
    return next((value for kind, value in BY_FIELD.items() if isinstance(field, kind)), "x")
