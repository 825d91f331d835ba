"""Whatever happens to a page while a plugin is off or gone, the plugin's block in it comes back as it was."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from cms.pages.fields import rewrite_stream
from cms.pages.fields.kept import KEPT
from cms.pages.models import SectionPage
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.testing import sample_page

pytestmark = pytest.mark.django_db
GREETING = {"type": "dummy_greeting", "value": {"text": "①今日は"}, "id": "44444444-4444-4444-8444-444444444444"}
HEADING = {"type": "heading", "value": "会員状況", "id": "11111111-1111-4111-8111-111111111111"}


@pytest.fixture
def page(home) -> SectionPage:
    """A live page with a block of the plugin and one of the core."""
    page = sample_page(SectionPage, parent=home, body=json.dumps([GREETING, HEADING]))
    page.save_revision().publish()
    return SectionPage.objects.get(pk=page.pk)


@pytest.fixture(params=["off", "absent"])
def away(request, page, monkeypatch):
    """Take the plugin away, one way or the other; call what is returned to bring it back."""
    if request.param == "off":
        plugin_toggle(slug="dummy", on=False, by=None)
        return lambda: plugin_toggle(slug="dummy", on=True, by=None)
    stream = SectionPage._meta.get_field("body").stream_block
    patch = monkeypatch.context()
    context = patch.__enter__()
    context.delitem(stream.child_blocks, "dummy_greeting")
    context.delitem(stream.owners, "dummy_greeting")
    return lambda: patch.__exit__(None, None, None)


def again(page) -> SectionPage:
    """Read the page afresh."""
    return SectionPage.objects.get(pk=page.pk)


def form(page, **changes):
    """Send the editor's form back as it came."""
    items = [(KEPT, "dummy_greeting", GREETING["id"]), ("heading", HEADING["value"], HEADING["id"])]
    data = {"title": "Changed", "slug": page.slug, "language": "ja", "summary": "", "body-count": "2"}
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    for index, (kind, value, block_id) in enumerate(items):
        fields = {"type": kind, "value": value, "id": block_id, "order": str(index), "deleted": ""}
        data |= {f"body-{index}-{name}": text for name, text in fields.items()}
    data |= changes
    bound = SectionPage.get_edit_handler().get_form_class()(data, instance=page, parent_page=page.get_parent())
    assert bound.is_valid(), bound.errors
    return bound.save(commit=False)


def save_form(page):
    form(page).save()
    return again(page)


def save_draft(page):
    form(page).save_revision()
    return again(page).get_latest_revision_as_object()


def publish(page):
    form(page).save_revision().publish()
    return again(page)


def publish_on_schedule(page):
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    call_command("publish_scheduled")
    return again(page)


def revert(page):
    first = page.revisions.order_by("created_at").first()
    form(page).save_revision().publish()
    first.as_object().save_revision(previous_revision=first).publish()
    return again(page)


def revert_in_the_editor(page):
    """Go back by the form to a revision with the block, from one without it, past one with another text in it."""
    first = page.get_latest_revision()
    for body in ([{**GREETING, "value": {"text": "later"}}, HEADING], [HEADING]):
        page.body = json.dumps(body)
        page.save_revision().publish()
    shown = first.as_object().body[0]
    data = {"body-0-value": shown.block.get_form_state(shown.value)}
    form(again(page), **data).save_revision().publish()
    return again(page)


def copy(page):
    return again(page.copy(update_attrs={"slug": "copy"}))


def migrate_data(page):
    apps = MigrationLoader(connection).project_state(("pages", "0001_initial")).apps
    rewrite_stream(
        apps=apps, app_label="pages", model_name="SectionPage", field_name="body", change=lambda items: items[:]
    )
    historical = apps.get_model("pages", "SectionPage").objects.get(pk=page.pk)
    historical.save()
    return again(page)


OPERATIONS = (save_form, save_draft, publish, publish_on_schedule, revert, revert_in_the_editor, copy, migrate_data)


@pytest.mark.parametrize("operate", OPERATIONS, ids=lambda operation: operation.__name__)
def test_the_block_comes_back_as_it_was(page, away, operate):
    changed = operate(again(page))
    shown_meanwhile = changed.body.render_as_block()
    away()

    stored = list(again(changed).body.raw_data) if operate is not save_draft else list(changed.body.raw_data)
    shown = changed.body.stream_block.to_python(json.dumps(stored)).render_as_block()

    assert json.dumps(stored[0], sort_keys=True) == json.dumps(GREETING, sort_keys=True)
    assert "①今日は" not in shown_meanwhile
    assert '<p class="dummy-greeting">①今日は</p>' in shown
