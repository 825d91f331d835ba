"""Where something takes place."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel


class VenueFields(models.Model):
    """City, building and room, each as people there call it; any of them may be unknown."""

    venue_city = models.CharField(_("city"), max_length=50, blank=True, help_text=_("Example: Tokyo"))
    venue_building = models.CharField(
        _("building"), max_length=100, blank=True, help_text=_("Example: Association Hall")
    )
    venue_room = models.CharField(
        _("room"), max_length=100, blank=True, help_text=_("Example: 7th floor, special meeting room")
    )

    venue_panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("venue_city"), FieldPanel("venue_building"), FieldPanel("venue_room")]),
    ]

    class Meta:
        abstract = True

    @property
    def venue(self) -> str:
        """東京・全国町村議員会館 7階 特別会議室: the city, then the building and the room."""
        place = " ".join(part for part in (self.venue_building, self.venue_room) if part)
        return "・".join(part for part in (self.venue_city, place) if part)
