"""Whoever publishes is told which files readers of the page will miss, by whatever way the page goes out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, GroupApprovalTask, Page, Workflow, WorkflowTask

from cms.access.middleware import NAMED_PAGES
from cms.accounts.models import User
from cms.media.models import SiteDocument
from cms.pages.models import HomePage, SectionPage
from tests.factories.access import for_everyone, for_members
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory
from tests.factories.seminars import SeminarIndexPageFactory, SeminarPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SENTENCE = "「報告」を閲覧できる人の一部は、ページにある「名簿」を閲覧できません。"


@pytest.fixture
def administrator(client: Client) -> User:
    administrator = UserFactory(is_superuser=True)
    client.force_login(administrator)
    return administrator


@pytest.fixture
def document(db: None) -> SiteDocument:
    """For members alone."""
    secret = Collection.get_first_root_node().add_child(name="会員資料")
    for_members(secret)
    return SiteDocument.objects.create(title="名簿", file="documents/a.pdf", collection=secret)


@pytest.fixture
def body(document: SiteDocument) -> list[tuple[str, str]]:
    return [("text", f'<p><a linktype="document" id="{document.pk}">名簿</a></p>')]


@pytest.fixture
def draft(home: HomePage, body: Any) -> SectionPage:
    return SectionPageFactory(parent=home, slug="report", title="報告", body=body, live=False)


def told(client: Client, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
    """Send it, and return what the person is told of files."""
    response = client.post(path, data or {}, **kwargs)
    assert response.status_code in (200, 201, 302), response.content.decode()[:500]
    sentences = [str(one).partition("画像・資料の")[0] for one in get_messages(response.wsgi_request)]
    return [one for one in sentences if "閲覧できません" in one]


def bulk(action: str, *pages: Page) -> str:
    """Return the address that does something to several pages of a list."""
    return f"/admin/bulk/wagtailcore/page/{action}/?next=/admin/&" + "&".join(f"id={page.pk}" for page in pages)


def awaiting_approval(page: SectionPage, by: User) -> str:
    """Send a draft to be approved, and return the address at which userbar, lists and the form approve it."""
    group = EditorGroup.objects.create(name="総務の承認者")
    by.groups.add(group)
    task = GroupApprovalTask.objects.create(name="承認")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="決裁")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    page.save_revision()
    state = workflow.start(page, by)
    return f"/admin/pages/workflow/action/{page.pk}/approve/{state.current_task_state.pk}/"


def scheduled(page: SectionPage) -> SectionPage:
    """Give a draft a time at which it is to go out."""
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision()
    return page


JSON = {"content_type": "application/json"}
WAYS: dict[str, Callable[[Client, SectionPage, User], list[str]]] = {
    "list": lambda client, page, by: told(client, bulk("publish", page)),
    "list, for a time": lambda client, page, by: told(client, bulk("publish", scheduled(page))),
    "approval": lambda client, page, by: told(client, awaiting_approval(page, by)),
    "approval, for a time": lambda client, page, by: told(client, awaiting_approval(scheduled(page), by)),
    "API": lambda client, page, by: told(client, f"/admin/api/main/pages/{page.pk}/action/publish/", **JSON),
}


@pytest.mark.parametrize("way", WAYS)
def test_files_are_named(client: Client, administrator: User, draft: SectionPage, way: str) -> None:
    draft.save_revision()
    assert WAYS[way](client, draft, administrator) == [SENTENCE]


def test_new_version_of_a_live_page_is_judged_by_what_it_will_show(
    client: Client, administrator: User, home: HomePage, body: Any
) -> None:
    page = SectionPageFactory(parent=home, title="報告")
    page.save_revision().publish()
    page.refresh_from_db()
    page.body = body
    scheduled(page)
    assert told(client, bulk("publish", page)) == [SENTENCE]
    page.refresh_from_db()
    assert (page.live, len(page.body)) == (True, 0)


def test_page_for_those_who_may_have_the_files_goes_out_without_a_word(
    client: Client, administrator: User, draft: SectionPage
) -> None:
    for_members(draft)
    draft.save_revision()
    assert told(client, bulk("publish", draft)) == []
    draft.refresh_from_db()
    assert draft.live


def test_page_of_a_plugin_is_judged_too(client: Client, administrator: User, home: HomePage, body: Any) -> None:
    index = SeminarIndexPageFactory(parent=home)
    page = SeminarPageFactory(parent=index, title="報告", body=body, live=False)
    page.save_revision()
    assert told(client, bulk("publish", page)) == [SENTENCE]


def test_many_are_named_and_counted(client: Client, administrator: User, home: HomePage, body: Any) -> None:
    section = SectionPageFactory(parent=home, live=False)
    for number in range(NAMED_PAGES + 2):
        SectionPageFactory(parent=section, title=f"報告{number}", body=body, live=False)
    response = client.post(bulk("publish", section), {"include_descendants": "on"}, follow=True)
    html = response.content.decode()
    assert [f"「報告{number}」を閲覧できる人" in html for number in range(NAMED_PAGES + 2)] == [True] * NAMED_PAGES + [
        False
    ] * 2
    assert "ほかの2件のページも同様です。" in html


class TestWithAllBelow:
    """What goes out by moving it, copying it or opening what is above it."""

    @pytest.fixture
    def closed(self, home: HomePage, body: Any, django_capture_on_commit_callbacks: Any) -> SectionPage:
        """A section for members with a page, of which the index of references knows what it shows."""
        closed = SectionPageFactory(parent=home, slug="kaiin", title="会員")
        for_members(closed)
        with django_capture_on_commit_callbacks(execute=True):
            inner = SectionPageFactory(parent=closed, slug="inner")
            SectionPageFactory(parent=inner, slug="report", title="報告", body=body)
            SectionPageFactory(parent=inner, slug="draft", title="下書き", body=body, live=False)
        return closed

    @pytest.fixture
    def inner(self, closed: SectionPage) -> Page:
        return Page.objects.get(slug="inner")

    def test_moved(self, client: Client, administrator: User, home: HomePage, inner: Page) -> None:
        assert told(client, f"/admin/pages/{inner.pk}/move/{home.pk}/confirm/") == [SENTENCE]

    def test_moved_among_others(self, client: Client, administrator: User, home: HomePage, inner: Page) -> None:
        assert told(client, bulk("move", inner), {"chooser": home.pk, "told": home.pk}) == [SENTENCE]

    def test_opened(self, client: Client, administrator: User, closed: SectionPage) -> None:
        assert told(client, f"/admin/pages/{closed.pk}/privacy/", {"audience": "everyone"}) == [SENTENCE]

    def test_copied_stays_closed_and_needs_no_word(
        self, client: Client, administrator: User, home: HomePage, inner: Page
    ) -> None:
        data = {"new_title": "写し", "new_slug": "copy", "new_parent_page": home.pk}
        ticked = {"copy_subpages": "on", "publish_copies": "on"}
        assert told(client, f"/admin/pages/{inner.pk}/copy/", {**data, **ticked}) == []

    def test_shown_a_second_time(
        self, client: Client, administrator: User, home: HomePage, closed: SectionPage, inner: Page
    ) -> None:
        for_everyone(closed)
        data = {"new_title": "別", "new_slug": "second", "new_parent_page": home.pk, "alias": "on"}
        page = Page.objects.get(slug="report")
        assert told(client, f"/admin/pages/{page.pk}/copy/", data) == [SENTENCE]


class TestMoveOfSeveral:
    def test_is_confirmed_once_more_where_others_read(
        self, client: Client, administrator: User, home: HomePage
    ) -> None:
        closed = SectionPageFactory(parent=home, slug="kaiin", title="会員専用")
        for_members(closed)
        pages = [SectionPageFactory(parent=home, title=f"ページ{number}") for number in (1, 2)]

        html = client.post(bulk("move", *pages), {"chooser": closed.pk}).content.decode()

        assert ["ページ1" in html, "ページ2" in html, "上位の「会員専用」の設定により" in html] == [True] * 3
        assert Page.objects.child_of(closed).count() == 0

        client.post(bulk("move", *pages), {"chooser": closed.pk, "told": closed.pk})
        assert Page.objects.child_of(closed).count() == 2

    def test_answer_for_another_place_does_not_count(self, client: Client, administrator: User, home: HomePage) -> None:
        closed = SectionPageFactory(parent=home)
        for_members(closed)
        page = SectionPageFactory(parent=home)
        client.post(bulk("move", page), {"chooser": closed.pk, "told": home.pk})
        assert Page.objects.child_of(closed).count() == 0

    def test_that_changes_nothing_is_done_at_once(self, client: Client, administrator: User, home: HomePage) -> None:
        section = SectionPageFactory(parent=home)
        page = SectionPageFactory(parent=home)
        client.post(bulk("move", page), {"chooser": section.pk})
        assert Page.objects.child_of(section).count() == 1
