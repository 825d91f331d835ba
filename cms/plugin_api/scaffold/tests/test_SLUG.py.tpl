"""The plugin's own behaviour. That it closes while off is tested by the contract, which finds it by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from cms.plugin_api.testing import plugin_disabled, sample_page
from plugins.${slug} import models, services, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    """A live page."""
    return sample_page(models.${Camel}Page)


def test_a_page_is_noted_when_it_is_published(page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    assert [entry.page_id for entry in models.Entry.objects.all()] == [page.pk]


def test_a_page_is_not_noted_while_the_plugin_is_off(page, django_capture_on_commit_callbacks):
    other = sample_page(type(page.get_parent().specific), parent=Page.objects.get(depth=1))

    with plugin_disabled("${slug}"), django_capture_on_commit_callbacks(execute=True):
        other.save_revision().publish()

    assert not models.Entry.objects.exists()


def test_noting_twice_leaves_one_entry(page):
    services.entry_note(page_id=page.pk)
    services.entry_note(page_id=page.pk)

    assert models.Entry.objects.count() == 1


@pytest.mark.parametrize(("age", "left"), [(364, 1), (366, 0)])
def test_entries_of_more_than_a_year_ago_are_dropped(page, age, left):
    models.Entry.objects.create(page=page, published_at=timezone.now() - timedelta(days=age))

    tasks.forget_old.call()

    assert models.Entry.objects.count() == left


def test_forgetting_says_how_many_entries_went(page):
    services.entry_note(page_id=page.pk)

    assert services.entries_forget(before=timezone.now() + timedelta(seconds=1)) == 1


def test_the_list_shows_live_pages_only(client, page):
    services.entry_note(page_id=page.pk)
    assert page.title in client.get("/${slug}/latest/").text

    page.unpublish()

    assert page.title not in client.get("/${slug}/latest/").text


def test_the_page_shows_the_list_below_its_body(client, page):
    page.body = [("${slug}_callout", {"title": "Attention", "text": "Something new"})]
    page.save_revision().publish()
    services.entry_note(page_id=page.pk)

    html = client.get(page.url).text

    assert "Something new" in html
    assert html.count(page.title) > 1
