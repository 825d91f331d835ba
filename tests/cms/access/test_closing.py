"""Files that fewer may have from now on: whoever closes them is told which pages for everybody show them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission

from cms.accounts.models import User
from cms.media.models import SiteDocument, SiteImage
from cms.pages.models import HomePage, SectionPage
from cms.plugin_api.models import SiteState
from tests.cms.access.closed_site import editor
from tests.cms.media.test_uploads import png
from tests.factories.access import for_everyone, for_groups, for_members, make_group
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BOTH = "「報告」を閲覧できる人の一部は、ページにある「集合写真」「名簿」を閲覧できません。"
ASKED = "移動するファイルを載せているページ"


@pytest.fixture
def administrator(client: Client) -> User:
    administrator = UserFactory(is_superuser=True)
    client.force_login(administrator)
    return administrator


@pytest.fixture
def open_files() -> Collection:
    return Collection.get_first_root_node().add_child(name="公開資料")


@pytest.fixture
def closed_files() -> Collection:
    closed = Collection.get_first_root_node().add_child(name="会員資料")
    for_members(closed)
    return closed


@pytest.fixture
def document(open_files: Collection) -> SiteDocument:
    return SiteDocument.objects.create(title="名簿", file=ContentFile(b"x", "a.txt"), collection=open_files)


@pytest.fixture
def image(open_files: Collection) -> SiteImage:
    file = ContentFile(png(40, 30), "a.png")
    return SiteImage.objects.create(title="集合写真", description="x", file=file, collection=open_files)


@pytest.fixture
def page(
    home: HomePage, document: SiteDocument, image: SiteImage, django_capture_on_commit_callbacks: Any
) -> SectionPage:
    """For everybody, with a document and an image, and known to the index of references."""
    body = [
        ("documents", {"heading": "", "documents": [document]}),
        ("image", {"image": image, "alt_text": "x", "caption": ""}),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        SectionPageFactory(parent=home, slug="draft", title="下書き", body=body, live=False)
        return SectionPageFactory(parent=home, slug="report", title="報告", body=body)


def told(client: Client, path: str, data: dict[str, Any]) -> list[str]:
    """Send it, and return what the person is told of files."""
    response = client.post(path, data)
    assert response.status_code in (200, 302), response.content.decode()[:500]
    sentences = [str(one).partition("画像・資料の")[0] for one in get_messages(response.wsgi_request)]
    client.get("/admin/account/")  # which shows them, so that they aren't told twice
    return [one for one in sentences if "閲覧できません" in one]


def privacy(collection: Collection) -> str:
    return f"/admin/collections/{collection.pk}/privacy/"


def bulk(*files: Any) -> str:
    """Return the address that moves several files of a list."""
    kind = files[0]._meta.model_name
    return f"/admin/bulk/media/{kind}/add_to_collection/?next=/admin/&" + "&".join(f"id={one.pk}" for one in files)


def keeper_of(collection: Collection) -> User:
    """Return somebody who may change a collection and its files, and edits no page."""
    keeper = editor("係", [], collection)
    for codename in ("change_collection", "add_collection"):
        permission = Permission.objects.get(codename=codename)
        group = EditorGroup.objects.get(name="係")
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
    return keeper


class TestCollection:
    def test_form_names_the_live_pages_before_anything_is_chosen(
        self, client: Client, administrator: User, open_files: Collection, page: SectionPage
    ) -> None:
        html = client.get(privacy(open_files)).content.decode()
        assert ["報告" in html, "下書き" in html] == [True, False]

    def test_closed_tells_what_readers_will_miss(
        self, client: Client, administrator: User, open_files: Collection, page: SectionPage
    ) -> None:
        assert told(client, privacy(open_files), {"audience": "member"}) == [BOTH]

    def test_narrowed_once_more_tells_it_for_a_page_for_members(
        self, client: Client, administrator: User, open_files: Collection, page: SectionPage
    ) -> None:
        for_members(page)
        assert told(client, privacy(open_files), {"audience": "member"}) == []
        assert told(client, privacy(open_files), {"audience": "groups", "groups": make_group().pk}) == [BOTH]

    def test_opened_tells_nothing(
        self, client: Client, administrator: User, open_files: Collection, page: SectionPage
    ) -> None:
        for_members(open_files)
        assert told(client, privacy(open_files), {"audience": "everyone"}) == []

    def test_above_it_closed_tells_it_too(
        self, client: Client, administrator: User, open_files: Collection, page: SectionPage
    ) -> None:
        above = Collection.get_first_root_node().add_child(name="上")
        open_files.refresh_from_db()  # in their order, one that is added moves others
        open_files.move(above, "sorted-child")
        assert told(client, privacy(above), {"audience": "member"}) == [BOTH]

    def test_moved_below_a_closed_one_tells_it(
        self, client: Client, administrator: User, open_files: Collection, closed_files: Collection, page: SectionPage
    ) -> None:
        path = f"/admin/collections/{open_files.pk}/"
        assert told(client, path, {"name": "改名", "parent": Collection.get_first_root_node().pk}) == []
        assert told(client, path, {"name": "改名", "parent": closed_files.pk}) == [BOTH]

    def test_page_that_its_keeper_may_not_read_is_not_named(
        self, client: Client, open_files: Collection, page: SectionPage
    ) -> None:
        client.force_login(keeper_of(open_files))
        assert "報告" in client.get(privacy(open_files)).content.decode()
        assert told(client, privacy(open_files), {"audience": "groups", "groups": make_group().pk}) == [BOTH]
        for_groups(page, make_group("監事"))
        assert "報告" not in client.get(privacy(open_files)).content.decode()
        assert told(client, privacy(open_files), {"audience": "member"}) == []


class TestFile:
    def test_document_that_changes_its_collection_tells_it(
        self, client: Client, administrator: User, document: SiteDocument, closed_files: Collection, page: SectionPage
    ) -> None:
        path, data = f"/admin/documents/edit/{document.pk}/", {"title": "名簿", "description": "", "tags": ""}
        assert told(client, path, {**data, "collection": document.collection_id}) == []
        sentence = BOTH.replace("「集合写真」", "")
        assert told(client, path, {**data, "collection": closed_files.pk}) == [sentence]
        assert told(client, path, {**data, "collection": closed_files.pk}) == []

    def test_image_that_changes_its_collection_tells_it(
        self, client: Client, administrator: User, image: SiteImage, closed_files: Collection, page: SectionPage
    ) -> None:
        data = {"title": "集合写真", "description": "x", "tags": "", "collection": closed_files.pk}
        assert told(client, f"/admin/images/{image.pk}/", data) == [BOTH.replace("「名簿」", "")]

    def test_that_comes_to_an_open_one_tells_nothing(
        self, client: Client, administrator: User, document: SiteDocument, open_files: Collection, page: SectionPage
    ) -> None:
        root = Collection.get_first_root_node()
        data = {"title": "名簿", "description": "", "tags": "", "collection": root.pk}
        assert told(client, f"/admin/documents/edit/{document.pk}/", data) == []


class TestSeveralFiles:
    @pytest.mark.parametrize("kind", ["document", "image"])
    def test_are_moved_once_it_was_confirmed(
        self, client: Client, administrator: User, closed_files: Collection, page: SectionPage, kind: str, request: Any
    ) -> None:
        file = request.getfixturevalue(kind)
        html = client.post(bulk(file), {"collection": closed_files.pk}).content.decode()
        assert [word in html for word in (ASKED, "報告", "下書き")] == [True, True, False]
        file.refresh_from_db()
        assert file.collection_id != closed_files.pk

        client.post(bulk(file), {"collection": closed_files.pk, "told": closed_files.pk})
        file.refresh_from_db()
        assert file.collection_id == closed_files.pk

    def test_answer_for_another_collection_does_not_count(
        self, client: Client, administrator: User, document: SiteDocument, closed_files: Collection, page: SectionPage
    ) -> None:
        told_of = {"collection": closed_files.pk, "told": document.collection_id}
        assert ASKED in client.post(bulk(document), told_of).content.decode()

    @pytest.mark.parametrize("case", ["page for members", "open collection"])
    def test_are_moved_at_once_where_nobody_misses_them(
        self,
        client: Client,
        administrator: User,
        document: SiteDocument,
        closed_files: Collection,
        page: SectionPage,
        case: str,
    ) -> None:
        for_members(page) if case == "page for members" else for_everyone(closed_files)
        assert client.post(bulk(document), {"collection": closed_files.pk}).status_code == 302
        document.refresh_from_db()
        assert document.collection_id == closed_files.pk

    def test_pages_that_were_kept_for_visitors_are_made_anew(
        self, client: Client, administrator: User, document: SiteDocument, closed_files: Collection, page: SectionPage
    ) -> None:
        before = SiteState.objects.get(pk=1).generation
        client.post(bulk(document), {"collection": closed_files.pk, "told": closed_files.pk})
        assert SiteState.objects.get(pk=1).generation > before

    def test_pages_that_the_editor_may_not_read_are_not_named(
        self, client: Client, document: SiteDocument, open_files: Collection, page: SectionPage
    ) -> None:
        inner = open_files.add_child(name="役員資料")
        for_groups(inner, make_group())
        client.force_login(keeper_of(open_files))
        assert "報告" in client.post(bulk(document), {"collection": inner.pk}).content.decode()
        for_groups(page, make_group("監事"))
        assert client.post(bulk(document), {"collection": inner.pk}).status_code == 302
