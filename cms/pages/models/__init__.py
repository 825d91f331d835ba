"""The core's page types. A page type of a plugin derives from `BasePage` or `BodyPage` and declares its parents."""

from .base import BasePage, BodyPage, PageTag
from .calendars import CalendarMixin, calendar_response
from .documents import DocumentLibraryPage
from .faq import FAQPage
from .home import HomePage, SectionPage
from .meetings import MeetingIndexPage, MeetingPage, MeetingSeries
from .news import NewsIndexPage, NewsPage
from .venue import VenueFields

__all__ = [
    "BasePage",
    "BodyPage",
    "CalendarMixin",
    "DocumentLibraryPage",
    "FAQPage",
    "HomePage",
    "MeetingIndexPage",
    "MeetingPage",
    "MeetingSeries",
    "NewsIndexPage",
    "NewsPage",
    "PageTag",
    "SectionPage",
    "VenueFields",
    "calendar_response",
]
