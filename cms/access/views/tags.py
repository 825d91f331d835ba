"""What the admin proposes where tags are typed, in the place of Wagtail's view and filters, which name every tag."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from taggit.models import Tag, TagBase
from wagtail.admin import filters
from wagtail.admin.models import popular_tags_for_model
from wagtail.admin.views.tags import TAGS_AUTOCOMPLETE_LIMIT
from wagtail.images.views import chooser

from cms.access.selectors.tags import readable_tags


def propose_tags(request: HttpRequest, app_name: str = "taggit", model_name: str = "tag") -> JsonResponse:
    """Return the tags that begin as what was typed, of what the editor may read."""
    try:
        model = apps.get_model(app_name, model_name)
    except LookupError as error:
        raise Http404 from error
    if not issubclass(model, TagBase):
        raise Http404
    term = request.GET.get("term", "")
    tags = readable_tags(model.objects.filter(name__istartswith=term)) if term else model.objects.none()
    names = tags.order_by("name").values_list("name", flat=True)
    return JsonResponse(list(names[:TAGS_AUTOCOMPLETE_LIMIT]), safe=False)


def filters_keep_to_what_is_open() -> None:
    """Let the lists of images and documents offer the tags of what the reader may have. Once for the process."""
    filters.popular_tags_for_model = _popular_tags
    chooser.popular_tags_for_model = _popular_tags


def _popular_tags(model: Any, count: int = 10) -> QuerySet[Tag]:
    return readable_tags(popular_tags_for_model(model, None))[:count]
