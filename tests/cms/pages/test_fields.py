"""The StreamField forgets nothing, whoever saves, and never causes a migration."""

import json
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.blocks import CharBlock
from wagtail.models import Page

from cms.pages.fields import KeepingStreamBlock, KeptItem, StreamField, rewrite_stream
from cms.pages.fields.kept import KEPT
from cms.pages.models import SectionPage
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = pytest.mark.django_db

HEADING = {"type": "heading", "value": "会員状況", "id": "11111111-1111-4111-8111-111111111111"}
STRANGE = {"id": "22222222-2222-4222-8222-222222222222", "type": "absent_poll", "value": {"b": [1, None], "a": "①"}}
BODY = [HEADING, STRANGE]


@pytest.fixture
def page() -> SectionPage:
    made = SectionPageFactory(parent=home_page(), body=json.dumps(BODY))
    return SectionPage.objects.get(pk=made.pk)


def stored(page: Page) -> list[dict[str, Any]]:
    """The column as the database holds it, past every Python class of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM pages_sectionpage WHERE page_ptr_id = %s", [page.pk])
        return json.loads(cursor.fetchone()[0])


def posted(*items: tuple[str, str, str], prefix: str = "body") -> dict[str, str]:
    """A form as the browser sends it: (type, value, id) for each item."""
    data = {f"{prefix}-count": str(len(items))}
    for index, (kind, value, block_id) in enumerate(items):
        fields = {"type": kind, "value": value, "id": block_id, "order": str(index), "deleted": ""}
        data |= {f"{prefix}-{index}-{name}": text for name, text in fields.items()}
    return data


def submit(page: SectionPage, *items: tuple[str, str, str]) -> Any:
    data = posted(*items)
    form_class = SectionPage.get_edit_handler().get_form_class()
    fields = {"title": page.title, "slug": page.slug, "language": "ja", "summary": "", "comments-TOTAL_FORMS": "0"}
    fields |= {"comments-INITIAL_FORMS": "0", **data}
    return form_class(fields, instance=page, parent_page=page.get_parent())


class TestDeconstruct:
    def test_names_our_class_and_no_block(self) -> None:
        field = StreamField([("text", CharBlock())], blank=True)
        field.set_attributes_from_name("body")

        name, path, args, kwargs = field.deconstruct()

        assert (name, path, args, kwargs) == ("body", "cms.pages.fields.stream.StreamField", [[]], {"blank": True})

    def test_clone_keeps_the_blocks(self) -> None:
        field = StreamField([("text", CharBlock())], max_num=3)

        copy = field.clone()

        assert list(copy.stream_block.child_blocks) == ["text", KEPT]
        assert copy.stream_block.meta.max_num == 3

    def test_refuses_an_outermost_block_that_forgets(self) -> None:
        with pytest.raises(TypeError, match="KeepingStreamBlock"):
            _ = StreamField(CharBlock()).stream_block


class TestHistoricalModel:
    def test_saving_one_keeps_the_body(self, page: SectionPage) -> None:
        apps = MigrationLoader(connection).project_state(("pages", "0001_initial")).apps
        historical = apps.get_model("pages", "SectionPage").objects.get(pk=page.pk)

        historical.source = "changed in RunPython"
        historical.save()

        assert stored(page) == BODY


class TestForm:
    def test_shows_an_unknown_item_as_kept(self, page: SectionPage) -> None:
        state = page.body.stream_block.get_form_state(page.body)

        assert [item["type"] for item in state] == ["heading", KEPT]
        assert state[1]["id"] == STRANGE["id"]
        assert state[1]["value"] == f"absent_poll {KeptItem.of(STRANGE).mark}"

    def test_saves_it_as_it_was(self, page: SectionPage) -> None:
        form = submit(page, ("heading", "新しい見出し", HEADING["id"]), (KEPT, "anything", STRANGE["id"]))

        assert form.is_valid(), form.errors
        form.save()

        assert stored(page) == [{**HEADING, "value": "新しい見出し"}, STRANGE]
        assert json.dumps(stored(page)[1]) == json.dumps(STRANGE)

    def test_takes_the_new_order(self, page: SectionPage) -> None:
        form = submit(page, (KEPT, "", STRANGE["id"]), ("heading", "会員状況", HEADING["id"]))

        assert form.is_valid(), form.errors
        form.save()

        assert stored(page) == [STRANGE, HEADING]

    def test_lets_an_editor_remove_it(self, page: SectionPage) -> None:
        form = submit(page, ("heading", "会員状況", HEADING["id"]))

        assert form.is_valid(), form.errors
        form.save()

        assert stored(page) == [HEADING]

    @pytest.mark.parametrize("kind", [KEPT, "absent_poll", "never_heard_of"])
    def test_refuses_an_item_that_was_not_stored(self, page: SectionPage, kind: str) -> None:
        form = submit(page, (kind, '{"evil": 1}', "33333333-3333-4333-8333-333333333333"))

        assert not form.is_valid()
        assert "body" in form.errors

    def test_refuses_a_second_copy(self, page: SectionPage) -> None:
        form = submit(page, (KEPT, "", STRANGE["id"]), (KEPT, "", STRANGE["id"]))

        assert not form.is_valid()

    def test_is_unchanged_when_sent_back_as_it_came(self, page: SectionPage) -> None:
        form = submit(page, ("heading", "会員状況", HEADING["id"]), (KEPT, "absent_poll", STRANGE["id"]))

        assert "body" not in form.changed_data

    def test_is_changed_when_the_kept_item_goes(self, page: SectionPage) -> None:
        form = submit(page, ("heading", "会員状況", HEADING["id"]))

        assert "body" in form.changed_data


class TestRevisions:
    def test_a_revision_holds_it_and_publishing_restores_it(self, page: SectionPage) -> None:
        page.title = "改題"
        revision = page.save_revision()

        revision.publish()

        assert json.loads(revision.content["body"]) == BODY
        assert stored(page) == BODY

    def test_a_copy_has_it(self, page: SectionPage) -> None:
        copy = page.copy(update_attrs={"slug": "copy"})

        assert stored(copy) == BODY
        assert json.loads(copy.latest_revision.content["body"]) == BODY

    def test_a_plain_save_keeps_it(self, page: SectionPage) -> None:
        page.save()

        assert stored(page) == BODY


class TestShown:
    def test_renders_nothing_for_it(self, page: SectionPage) -> None:
        html = page.body.render_as_block()

        assert "会員状況" in html
        assert "absent" not in html
        assert "①" not in html

    def test_indexes_nothing_of_it(self, page: SectionPage) -> None:
        assert page.body.stream_block.get_searchable_content(page.body) == ["会員状況"]

    def test_tells_the_api_nothing_of_it(self, page: SectionPage) -> None:
        assert [item["type"] for item in page.body.stream_block.get_api_representation(page.body)] == ["heading"]

    def test_an_item_stored_without_an_id_is_found_again(self) -> None:
        raw = {"type": "absent_poll", "value": 1}

        assert KeptItem.of(dict(raw)).id == KeptItem.of(dict(raw)).id


class PluginBody(KeepingStreamBlock):
    """A stream with one block of its own and one that belongs to a plugin."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([("own", CharBlock())], **kwargs)
        self.add_owned("plug_text", CharBlock(), owner="plug")


class TestPluginBlocks:
    @pytest.fixture
    def switch(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
        state = {"plug": True}
        monkeypatch.setattr("cms.pages.fields.stream.is_owner_on", lambda owner: owner is None or state[owner])
        return state

    def test_keeps_the_data_through_off_and_on(self, switch: dict[str, bool]) -> None:
        block = PluginBody()
        raw = [{"type": "plug_text", "value": "x", "id": "44444444-4444-4444-8444-444444444444"}]
        switch["plug"] = False

        value = block.to_python(json.dumps(raw))
        hidden = block.render(value)
        switch["plug"] = True

        assert hidden == ""
        assert block.get_prep_value(value) == raw
        assert "x" in block.render(block.to_python(raw))

    def test_is_offered_only_while_on(self, switch: dict[str, bool]) -> None:
        block = PluginBody()

        while_on = block.unusable()
        switch["plug"] = False

        assert (while_on, block.unusable()) == ([], ["plug_text"])

    def test_what_the_browser_sends_for_it_while_off_is_not_read(self, switch: dict[str, bool]) -> None:
        switch["plug"] = False

        value = PluginBody().value_from_datadict(posted(("plug_text", "forged", "id-1")), {}, "body")

        assert value[0].value == KeptItem(id="id-1")

    def test_a_raising_block_is_left_out_and_recorded(self, switch: dict[str, bool], caplog: Any) -> None:
        class Raising(CharBlock):
            def render(self, value: Any, context: Any = None) -> Any:
                raise RuntimeError("boom")

        block = PluginBody()
        block.add_owned("plug_bad", Raising(), owner="plug")
        value = block.to_python([{"type": "plug_bad", "value": "x"}, {"type": "own", "value": "shown"}])

        html = block.render(value)

        assert "shown" in html
        assert "plug_bad" in caplog.text


class TestRewriteStream:
    def test_changes_rows_and_revisions_and_nothing_else(self, page: SectionPage) -> None:
        revision = page.save_revision()
        apps = MigrationLoader(connection).project_state(("pages", "0001_initial")).apps

        def rename(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [{**item, "type": "poll"} if item["type"] == "absent_poll" else item for item in items]

        rewrite_stream(apps=apps, app_label="pages", model_name="SectionPage", field_name="body", change=rename)

        revision.refresh_from_db()
        assert stored(page) == [HEADING, {**STRANGE, "type": "poll"}]
        assert json.loads(revision.content["body"]) == [HEADING, {**STRANGE, "type": "poll"}]


def test_forged_value_of_a_known_block_is_still_validated(page: SectionPage) -> None:
    form = submit(page, ("heading", "x" * 121, HEADING["id"]))

    assert not form.is_valid()
