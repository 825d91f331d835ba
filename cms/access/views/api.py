"""The admin's API of files, which Wagtail narrows by being logged in alone: as whoever asks may have them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from cms.access.selectors import readable_files


class ReadableFilesMixin:
    """Leaves out what the reader may not have, in the list and by its number."""

    def get_queryset(self) -> QuerySet[Any]:
        return readable_files(super().get_queryset())  # type: ignore[misc]  # the next class is Wagtail's


class ReadableDocumentsAPIViewSet(ReadableFilesMixin, DocumentsAdminAPIViewSet):
    """Documents."""


class ReadableImagesAPIViewSet(ReadableFilesMixin, ImagesAdminAPIViewSet):
    """Images."""
