"""Pages that hand what they list to calendar programs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import path

from cms.calendar.ics import CONTENT_TYPE, calendar_response_bytes
from cms.plugin_api.points import CalendarEntry


def calendar_response(entries: Iterable[CalendarEntry | None], *, filename: str, name: str) -> HttpResponse:
    """Answer with an .ics file. Entries without a time (None) are left out."""
    body = calendar_response_bytes([entry for entry in entries if entry], name=name)
    return HttpResponse(
        body, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


class CalendarMixin(models.Model):
    """Adds `calendar.ics` below a page: everything that `calendar_entries` gives."""

    class Meta:
        abstract = True

    def calendar_entries(self, request: HttpRequest) -> Iterable[CalendarEntry | None]:
        """Return what the file holds."""
        raise NotImplementedError

    @path("calendar.ics/")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """Give everything listed here to a calendar program."""
        return calendar_response(
            self.calendar_entries(request),
            filename=f"{self.slug}.ics",  # type: ignore[attr-defined]  # a mix-in for pages
            name=self.title,  # type: ignore[attr-defined]  # as above
        )
