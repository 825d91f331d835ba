"""Reads, to be chained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from wagtail.models import Page

from cms.plugin_api.pages import enabled


class ${Camel}QuerySet(models.QuerySet[Any]):
    """Entries of the list."""

    def shown(self) -> ${Camel}QuerySet:
        """Keep those whose page everybody may open now, the latest first."""
        return self.filter(page__in=enabled(Page.objects.live().public())).select_related("page")

    def before(self, moment: datetime) -> ${Camel}QuerySet:
        """Keep those from before a moment."""
        return self.filter(published_at__lt=moment)
