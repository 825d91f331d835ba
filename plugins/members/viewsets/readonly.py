"""Lists of what happened."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from wagtail.admin.viewsets.model import ModelViewSet

from plugins.members.views.recording import recorded


class RecordedViewSet(ModelViewSet):
    """Rows of the register: who sees them is recorded."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return recorded(super().get_urlpatterns())


class ReadOnlyViewSet(ModelViewSet):
    """A list of what happened: nothing is added, changed or deleted there."""

    add_to_reference_index = False
    copy_view_enabled = False
    form_fields: list[str] = []
    list_per_page = 50

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        views = {f"{name}_url_name": None for name in ("add", "edit", "delete", "history", "usage")}
        return {**super().get_common_view_kwargs(**kwargs), **views}


class IncomingViewSet(ReadOnlyViewSet):
    """A list of what came in, with people's names: who sees it is recorded."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return recorded(super().get_urlpatterns())


class WithHistoryViewSet(ReadOnlyViewSet):
    """The same, and each row has its history."""

    def get_urlpatterns(self) -> list[URLPattern]:
        history = [
            path("history/<str:pk>/", self.history_view, name="history"),
            path("history-results/<str:pk>/", self.history_results_view, name="history_results"),
        ]
        return recorded([*super().get_urlpatterns(), *history])

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_common_view_kwargs(**kwargs), "history_url_name": self.get_url_name("history")}
