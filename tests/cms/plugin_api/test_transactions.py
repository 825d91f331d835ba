"""A statement of a plugin that the database refuses leaves the core's transaction usable, whichever way it came in.

PostgreSQL takes nothing more in a transaction in which a statement has failed; SQLite is forgiving and proves nothing.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save

from cms.pages.models import SectionPage
from cms.plugin_api import events, hooks
from cms.plugin_api.capabilities import membership
from cms.plugin_api.cards import render_cards
from cms.plugin_api.models import ContributionError
from cms.plugin_api.points import SidebarCard, menu_items
from cms.plugin_api.registry import get_plugin
from cms.plugin_api.services import impact_of
from cms.plugin_api.signals import guarded as guarded_receiver
from cms.search.permissions import enabled_sources
from cms.search.services.indexing import _record_of as record_of
from tests.dummy_plugin import blocks, contrib
from tests.dummy_plugin.apps import DummyPlugin
from tests.dummy_plugin.models import Thing
from tests.factories.accounts import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def refused(*args: Any, **kwargs: Any) -> Any:
    """Write something, then ask for what isn't there."""
    Thing.objects.create(name="half done")
    connection.cursor().execute("SELECT 1 FROM nowhere")


refused.__module__ = contrib.__name__


def through_a_point(monkeypatch) -> None:
    monkeypatch.setattr(contrib, "menu_items", refused)
    menu_items.collect()


def through_a_capability(monkeypatch) -> None:
    monkeypatch.setattr(contrib.EverybodyIsMember, "is_member", refused)
    membership.provider().is_member(OrganisationFactory(), date(2009, 6, 9))


def through_a_capability_that_cannot_be_made(monkeypatch) -> None:
    monkeypatch.setattr(contrib.EverybodyIsMember, "__init__", refused)
    membership.provider()


def through_an_event(monkeypatch) -> None:
    monkeypatch.setattr(contrib, "page_published", refused)
    events._tell(events.PagePublished(page_id=1))


def through_a_hook(monkeypatch) -> None:
    hooks.guarded("after_edit_page", refused)("request", "page")


def through_a_signal(monkeypatch) -> None:
    guarded_receiver(refused)(signal=post_save)


def through_a_card(monkeypatch) -> None:
    render_cards([("dummy", SidebarCard("Dummy", "dummy/card.html", {"things": refused}))], None)


def through_a_block(monkeypatch) -> None:
    monkeypatch.setattr(blocks.GreetingBlock, "get_context", refused)
    stream = SectionPage._meta.get_field("body").stream_block
    stream.render_basic(stream.to_python([{"type": "dummy_greeting", "value": {"text": "Hello"}, "id": "a"}]))


def through_a_search_record(monkeypatch) -> None:
    monkeypatch.setattr(contrib, "thing_record", refused)
    source = next(source for source in enabled_sources() if source.model is Thing)
    record_of(source, Thing(name="thing"))


def through_the_impact(monkeypatch) -> None:
    monkeypatch.setattr(DummyPlugin, "impact", refused)
    impact_of(get_plugin("dummy"))


@pytest.mark.usefixtures("everybody_is_member")
@pytest.mark.parametrize(
    "way",
    [way for name, way in list(globals().items()) if name.startswith("through_")],
    ids=lambda way: way.__name__,
)
def test_a_refused_statement_leaves_the_cores_transaction_whole(monkeypatch, way: Callable[[Any], None]):
    with transaction.atomic():
        kept = OrganisationFactory()
        way(monkeypatch)
        kept.refresh_from_db()

    assert type(kept).objects.filter(pk=kept.pk).exists()
    assert "nowhere" in ContributionError.objects.get(plugin="dummy").message
    assert not Thing.objects.exists()
