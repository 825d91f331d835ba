"""Wagtail's own lists, filters, histories and panels name nothing of a plugin while it is off."""

import re
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.log_actions import log
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from cms.accounts.models import Organisation
from cms.plugin_api.lists import open_snippets
from cms.plugin_api.services import plugin_toggle
from tests.dummy_plugin.models import DummyPage, Thing
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""(?:["']|&quot;)(/admin/[\w./-]*)""")
LEADS_AWAY = re.compile(r"/(logout|delete|dismissibles|sprite|jsi18n|autocomplete|results|bulk)\b|\.\w+$")
KEPT = re.compile(r"^/admin/(pages/(\d+/|search/)?|api/main/pages/|plugins/.*)$")
"""The page tree shows closed pages, marked; the switchboard shows plugins."""


@pytest.fixture
def traces(client, superuser, home):
    """Whatever the dummy plugin leaves behind in Wagtail's lists, under names that nothing else has."""
    client.force_login(superuser)
    page = home.add_child(instance=DummyPage(title="Zebra page", slug="zebra", live=True))
    page.locked, page.locked_by, page.locked_at = True, superuser, timezone.now()
    page.save_revision(user=superuser, log_action=True).publish(user=superuser)
    workflow = Workflow.objects.create(name="決裁")
    WorkflowPage.objects.create(workflow=workflow, page=home)
    WorkflowTask.objects.create(workflow=workflow, task=GroupApprovalTask.objects.create(name="係長"), sort_order=1)
    waiting = home.add_child(instance=DummyPage(title="Zebra draft", slug="zebra-draft", live=False))
    waiting.save_revision(user=superuser)
    workflow.start(waiting, superuser)
    thing = Thing.objects.create(name="Zebra thing")
    log(thing, "wagtail.edit", user=superuser)
    organisation = OrganisationFactory()
    log(organisation, "dummy.tidy", user=superuser)
    return organisation


def crawled(client) -> dict[str, str]:
    """Follow the admin's links from its home, into no single object of a list twice, and return what is read."""
    pages: dict[str, str] = {}
    seen_shapes: set[str] = set()
    waiting = ["/admin/"]
    while waiting:
        url = waiting.pop()
        response = client.get(url)
        text = "" if response.streaming else response.content.decode(errors="replace")
        pages[url] = text
        for link in sorted(set(LINK.findall(text))):
            shape = re.sub(r"\d+", "#", urlsplit(link).path)
            if shape not in seen_shapes and not LEADS_AWAY.search(link):
                seen_shapes.add(shape)
                waiting.append(link)
    return pages


def speaking(pages: dict[str, str]) -> list[str]:
    """Return the pages that name anything of the plugin."""
    words = re.compile(r"zebra|dummy page|dummily|\bthings?\b", re.IGNORECASE)
    return sorted(url for url, text in pages.items() if words.search(text) and not KEPT.match(url))


def test_no_page_of_the_admin_names_anything_of_it_while_off(client, traces):
    plugin_toggle(slug="dummy", on=False, by=None)

    pages = crawled(client)

    assert len(pages) > 60
    assert speaking(pages) == []


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("/admin/", "Zebra page"),
        ("/admin/", "Zebra draft"),
        ("/admin/reports/site-history/", "Zebra thing"),
        ("/admin/reports/site-history/", "Tidied up the dummy things"),
        ("/admin/reports/site-history/", "Tidied dummily"),
        ("/admin/reports/site-history/", ">Thing<"),
        ("/admin/reports/aging-pages/", "Zebra page"),
        ("/admin/reports/aging-pages/", "Dummy page"),
        ("/admin/reports/locked/", "Zebra page"),
        ("/admin/reports/workflow/", "Zebra draft"),
        ("/admin/reports/workflow_tasks/", "Zebra draft"),
        ("/admin/reports/page-types-usage/", "Dummy page"),
        ("/admin/pages/usage/wagtailcore/page/", "Zebra page"),
        ("/admin/workflows/usage/{workflow}/", "Zebra draft"),
        ("/admin/pages/", "Dummy page"),
        ("/admin/pages/search/", "content_type=dummy.dummypage"),
        ("/admin/organisations/history/{organisation}/", "Tidied up the dummy things"),
        ("/admin/choose-page/{home}/", "Zebra page"),
    ],
)
def test_a_list_names_it_while_on_only(client, traces, home, url, word):
    url = url.format(organisation=traces.pk, home=home.pk, workflow=home.get_workflow().pk)

    def said() -> bool:
        return word.lower() in client.get(url).text.lower()

    assert said()
    plugin_toggle(slug="dummy", on=False, by=None)
    assert not said()
    plugin_toggle(slug="dummy", on=True, by=None)
    assert said()


def test_a_list_of_snippets_names_its_models_while_on_only(db):
    types = [{"model": Thing}, {"model": Organisation}]

    assert open_snippets(types) == types
    plugin_toggle(slug="dummy", on=False, by=None)
    assert open_snippets(types) == [{"model": Organisation}]


def test_an_action_over_what_is_ticked_is_offered_while_on_only(client, superuser, monkeypatch):
    class Tidy(PageBulkAction):
        __module__ = "tests.dummy_plugin.views"
        display_name = aria_label = "Tidy dummily"
        action_type = "dummy_tidy"

    bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page")  # reads the hooks the first time
    monkeypatch.setitem(bulk_action_registry.actions["wagtailcore"]["page"], "dummy_tidy", Tidy)
    client.force_login(superuser)

    def offered() -> bool:
        return "/admin/bulk/wagtailcore/page/dummy_tidy/" in client.get("/admin/pages/1/").text

    assert offered()
    plugin_toggle(slug="dummy", on=False, by=None)
    assert not offered()
