"""The guide's reference is what the code says, and nothing in it lacks words or a test."""

import dataclasses
from pathlib import Path

import pytest

from cms.plugin_api.capabilities import capabilities
from cms.plugin_api.events import events
from cms.plugin_api.points import points
from cms.plugin_api.reference import manifest_attributes, reference, with_reference
from cms.plugin_api.registry import get_plugin

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "plugins.md"


def test_the_guide_holds_the_reference_as_the_code_has_it():
    text = GUIDE.read_text(encoding="utf-8")

    assert text == with_reference(text), "Run `python manage.py plugins reference` and put it into docs/plugins.md."


@pytest.mark.parametrize("name", sorted({**points, **capabilities}))
def test_every_point_is_documented_and_used_by_the_dummy_plugin(name, everybody_is_member):
    assert ({**points, **capabilities}[name].__doc__ or "").strip()
    assert name in get_plugin("dummy").contributions


@pytest.mark.parametrize("name", sorted(events))
def test_every_event_is_frozen_documented_and_heard_by_the_dummy_plugin(name):
    assert events[name].__dataclass_params__.frozen
    assert not events[name].__doc__.startswith(f"{events[name].__name__}(")
    assert dataclasses.is_dataclass(events[name])
    assert name in get_plugin("dummy").receivers


def test_every_attribute_of_the_manifest_is_documented():
    attributes = manifest_attributes()

    assert {"slug", "blocks", "contributions", "recurring_jobs"} <= attributes.keys()
    assert [name for name, words in attributes.items() if not words] == []


def test_the_reference_names_everything():
    text = reference()

    assert [name for name in (*points, *capabilities, *events) if f"`{name}" not in text] == []
