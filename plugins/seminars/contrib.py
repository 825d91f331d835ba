"""What the plugin gives to the core's extension points."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.pages.models import MeetingPage
from cms.plugin_api.points import CalendarEntry, CalendarQuery, CornerVisit, SidebarCard

from . import selectors


def calendar_entries(query: CalendarQuery) -> Iterable[CalendarEntry]:
    """Put the occurrences of all seminars into the site's calendars."""
    return selectors.entries_within(query)


def corner_cards(visit: CornerVisit) -> Iterable[SidebarCard]:
    """Show members which seminars come next."""
    coming = [
        one.page.calendar_entry(one, several=one.siblings > 1, request=visit.request) for one in selectors.coming()
    ]
    if coming:
        yield SidebarCard(_("Coming seminars"), "seminars/corner_coming.html", {"coming": coming}, order=200)


def page_sidebar(page: Page, request: HttpRequest) -> Iterable[SidebarCard]:
    """Show beside a meeting which seminars it decided or was held together with."""
    if not isinstance(page, MeetingPage):
        return []
    seminars = selectors.seminars_of_meeting(page)
    if not seminars:
        return []
    return [SidebarCard(_("Seminars"), "seminars/sidebar_seminars.html", {"seminars": seminars})]
