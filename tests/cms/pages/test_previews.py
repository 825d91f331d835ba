"""A preview while a part of a page has only just been added: everything in it is still empty."""

from typing import Any

import pytest
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models

from cms.pages.models import BasePage, MeetingPage
from tests.factories.pages import MeetingSeriesFactory, home_page

pytestmark = pytest.mark.django_db
PARTS = {
    (type(field.stream_block), name): (model, field.name, name)
    for model in get_page_models()
    if issubclass(model, BasePage)
    for field in model._meta.get_fields()
    if isinstance(field, StreamField)
    for name in field.stream_block.child_blocks
    if name != "kept"  # stands for what there was, and is nobody's to add
}
"""Each part that can be added, once, on a page that has it."""


@pytest.mark.parametrize(("model", "field", "name"), PARTS.values())
def test_empty_part_is_shown(model: Any, field: str, name: str) -> None:
    block = model._meta.get_field(field).stream_block
    empty = block.child_blocks[name].normalize(block.child_blocks[name].get_default())
    needed = {"fiscal_year": 2009, "series": MeetingSeriesFactory()} if model is MeetingPage else {}
    page: Page = model(title="見本", slug="sample", **{field: StreamValue(block, [(name, empty)])}, **needed)
    home_page().add_child(instance=page)

    response = page.make_preview_request()

    assert (response.status_code, "見本" in response.content.decode()) == (200, True)
