"""What the plugin gives to the core's extension points."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from cms.accounts.models import Organisation
from cms.plugin_api.events import Event, PagePublished, PeopleSeen, PluginToggled
from cms.plugin_api.points import (
    Addressee,
    Audience,
    AwaitedAnswer,
    CalendarEntry,
    CalendarQuery,
    CornerNews,
    CornerVisit,
    DemoContext,
    KeptGroup,
    MenuItem,
    SearchRecord,
    SearchSource,
    SidebarCard,
    ToDo,
)

from .models import Thing

heard: list[Event] = []


def menu_items() -> Iterable[MenuItem]:
    yield MenuItem(title="Dummy", url="/dummy/")


def account_ways() -> Iterable[MenuItem]:
    yield MenuItem(title="Dummy account", url="/dummy/account/")


def reader_groups(on: date) -> Iterable[KeptGroup]:
    yield KeptGroup(key="dummy-kept", organisations=Organisation.objects.filter(name="Kept"))


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


class NarrowForm(forms.Form):
    """Narrows the audience by the beginning of a name."""

    begins = forms.CharField(label="Begins with", required=False, max_length=10)


def audiences() -> Iterable[Audience]:
    yield Audience(
        slug="dummy.organisations",
        label="Organisations",
        addressees=organisations_addressed,
        form=NarrowForm,
        placeholders={"thing": "a thing"},
    )


def organisations_addressed(criteria: Mapping[str, Any]) -> Iterable[Addressee]:
    chosen = Organisation.objects.filter(name__startswith=criteria.get("begins", "")).order_by("name")
    for one in chosen:
        yield Addressee(one.email, one.name, organisation_id=one.pk, values={"thing": f"thing of {one.name}"})


def awaited_answers(visit: CornerVisit) -> Iterable[AwaitedAnswer]:
    yield AwaitedAnswer(f"Open question to {visit.organisation}", "/dummy/things/")
    yield AwaitedAnswer("Urgent question", "/dummy/things/", datetime(2009, 11, 20, 14, 59, 59, tzinfo=UTC), "Question")


def corner_news(visit: CornerVisit) -> Iterable[CornerNews]:
    yield CornerNews("Older thing", "/dummy/things/", visit.since, "Thing")
    yield CornerNews("Newest thing", "/dummy/things/", visit.since + timedelta(days=1), "Thing")


def corner_cards(visit: CornerVisit) -> Iterable[SidebarCard]:
    yield SidebarCard("Things", "dummy/card.html", {"things": [f"of {visit.person}"]})


def to_dos(user: AbstractUser) -> Iterable[ToDo]:
    yield ToDo(f"{user.get_username()}: tidy the things", "/admin/thing/", Thing.objects.count(), date(2009, 6, 9))


def demo_content(context: DemoContext) -> None:
    Thing.objects.get_or_create(name="demo")
    context.report("one thing")


class EverybodyIsMember:
    """Provides the capability where the fixture `everybody_is_member` lets it: at most one plugin may."""

    def is_member(self, organisation: Model, on: date) -> bool:
        return True

    def member_count(self, on: date) -> int:
        return Organisation.objects.count()


def plugin_toggled(event: PluginToggled) -> None:
    heard.append(event)


def people_seen(event: PeopleSeen) -> None:
    heard.append(event)


def page_published(event: PagePublished) -> None:
    heard.append(event)
