"""What the plugin gives to the core's extension points."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db.models import Model
from django.http import HttpRequest
from wagtail.models import Page

from cms.plugin_api.events import Event, PagePublished, PluginToggled
from cms.plugin_api.points import CalendarEntry, CalendarQuery, DemoContext, MenuItem, SidebarCard

from .models import Thing

heard: list[Event] = []


def menu_items() -> Iterable[MenuItem]:
    yield MenuItem(title="Dummy", url="/dummy/")


def page_sidebar(page: Page, request: HttpRequest) -> Iterable[SidebarCard]:
    yield SidebarCard(title="Dummy", template="dummy/card.html", context={"page": page})


def calendar_entries(query: CalendarQuery) -> Iterable[CalendarEntry]:
    yield CalendarEntry(uid="dummy-1@test", title="Dummy day", start=datetime(2009, 6, 9, 2, 45, tzinfo=UTC))


def demo_content(context: DemoContext) -> None:
    Thing.objects.get_or_create(name="demo")
    context.report("one thing")


class EverybodyIsMember:
    """Provides the capability."""

    def is_member(self, organisation: Model, on: date) -> bool:
        return True


def plugin_toggled(event: PluginToggled) -> None:
    heard.append(event)


def page_published(event: PagePublished) -> None:
    heard.append(event)
