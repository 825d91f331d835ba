"""What the plugin gives to the core's extension points."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from cms.plugin_api.events import Event, PagePublished, PluginToggled
from cms.plugin_api.points import (
    CalendarEntry,
    CalendarQuery,
    DemoContext,
    MenuItem,
    SearchRecord,
    SearchSource,
    SidebarCard,
)

from .models import Thing

heard: list[Event] = []


def menu_items() -> Iterable[MenuItem]:
    yield MenuItem(title="Dummy", url="/dummy/")


def page_sidebar(page: Page, request: HttpRequest) -> Iterable[SidebarCard]:
    yield SidebarCard(title="Dummy", template="dummy/card.html", context={"page": page})


def calendar_entries(query: CalendarQuery) -> Iterable[CalendarEntry]:
    yield CalendarEntry(uid="dummy-1@test", title="Dummy day", start=datetime(2009, 6, 9, 2, 45, tzinfo=UTC))


def search_sources() -> Iterable[SearchSource]:
    yield SearchSource(model=Thing, label="Things", record=thing_record, visible_to=things_visible_to)


def thing_record(thing: Thing) -> SearchRecord | None:
    if thing.name.startswith("draft"):
        return None
    return SearchRecord(title=thing.name, url=f"/dummy/{thing.pk}/", text="物の説明", day=date(2009, 6, 9))


def things_visible_to(things: QuerySet[Thing], reader: Any) -> QuerySet[Thing]:
    return things if reader.is_authenticated else things.exclude(name__startswith="secret")


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
