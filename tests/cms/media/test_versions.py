"""A document whose file is replaced: its address stays, and what it was before stays with date and reason."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry

from cms.accounts.models import User
from cms.media.models import DocumentVersion, SiteDocument
from cms.media.services import document_replace, document_version_withhold
from tests.factories.access import for_members
from tests.factories.accounts import AffiliationFactory, UserFactory
from tests.factories.pages import DocumentLibraryPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
FIRST, SECOND, THIRD = b"%PDF-1.4 first", "第2版".encode(), b"%PDF-1.4 third"


@pytest.fixture
def collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="会員専用")


@pytest.fixture
def document(collection: Collection) -> SiteDocument:
    return SiteDocument.objects.create(
        title="要綱", file=ContentFile(FIRST, "要綱.pdf"), file_size=len(FIRST), collection=collection
    )


@pytest.fixture
def replaced(document: SiteDocument) -> SiteDocument:
    document_replace(document=document, file=ContentFile(SECOND, "youkou-2.txt"), reason="日付の誤りを訂正")
    return document


@pytest.fixture
def administrator(client: Client) -> User:
    administrator = UserFactory(is_superuser=True, last_name="山田")
    client.force_login(administrator)
    return administrator


def body(response: Any) -> bytes:
    content: bytes = response.getvalue() if response.streaming else response.content
    return content


def post(client: Client, document: SiteDocument, **fields: Any) -> Any:
    data = {"title": document.title, "collection": document.collection_id, "tags": "", **fields}
    return client.post(reverse("wagtaildocs:edit", args=[document.pk]), data)


class TestReplacing:
    def test_in_the_form_keeps_the_address_under_any_name(
        self, client: Client, document: SiteDocument, administrator: User
    ) -> None:
        address = document.url

        response = post(client, document, file=SimpleUploadedFile("別名.txt", SECOND), reason="誤字を訂正")

        assert response.status_code == 302
        document.refresh_from_db()
        served = client.get(address)
        assert (document.url, body(served)) == (address, SECOND)
        assert "%E5%88%A5%E5%90%8D" in served.headers["Content-Disposition"]
        [version] = document.versions.all()
        assert (version.number, version.reason, version.replaced_by) == (1, "誤字を訂正", administrator)
        assert (version.since, version.replaced_at) == (document.created_at, document.replaced_at)
        assert body(client.get(version.url)) == FIRST
        assert version.file_size == len(FIRST)
        entry = ModelLogEntry.objects.get(action="media.replaced")
        assert entry.message == "第1版のファイルを差し替えた：誤字を訂正"
        assert entry.user == administrator

    def test_without_a_reason_is_refused_and_loses_nothing(
        self, client: Client, document: SiteDocument, administrator: User
    ) -> None:
        response = post(client, document, title="新しい題", file=SimpleUploadedFile("b.txt", SECOND))

        assert "差し替える理由" in response.content.decode()
        assert 'value="新しい題"' in response.content.decode()
        assert "ファイルが見つかりません" not in response.content.decode()
        document.refresh_from_db()
        assert document.file.read() == FIRST
        document.file.close()
        assert not DocumentVersion.objects.exists()

    def test_other_changes_ask_for_none(self, client: Client, document: SiteDocument, administrator: User) -> None:
        assert post(client, document, title="新しい題").status_code == 302
        document.refresh_from_db()
        assert (document.title, document.replaced_at) == ("新しい題", None)

    def test_each_time_adds_a_version(self, replaced: SiteDocument) -> None:
        document_replace(document=replaced, file=ContentFile(THIRD, "要綱.pdf"), reason="様式を変更")

        third, first = replaced.versions.all()
        assert [(v.number, v.reason) for v in (third, first)] == [(2, "様式を変更"), (1, "日付の誤りを訂正")]
        assert third.since == first.replaced_at

    def test_number_is_given_once(self, replaced: SiteDocument) -> None:
        version = replaced.versions.get()
        version.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            version.save()

    def test_of_two_who_replace_it_none_loses_a_file(self, document: SiteDocument) -> None:
        other = SiteDocument.objects.get(pk=document.pk)
        document_replace(document=document, file=ContentFile(SECOND, "b.txt"), reason="甲")
        document_replace(document=other, file=ContentFile(THIRD, "c.pdf"), reason="乙")

        contents = []
        for version in other.versions.order_by("number"):
            with version.file.open() as file:
                contents.append(file.read())
        assert contents == [FIRST, SECOND]

    def test_deleted_document_takes_the_files_with_it(
        self, replaced: SiteDocument, django_capture_on_commit_callbacks: Any
    ) -> None:
        stored = replaced.versions.get().file
        assert stored.storage.exists(stored.name)
        with django_capture_on_commit_callbacks(execute=True):
            replaced.delete()
        assert not stored.storage.exists(stored.name)


class TestHistory:
    def test_says_when_and_why_and_hands_out_what_it_was(self, client: Client, replaced: SiteDocument) -> None:
        page = client.get(replaced.history_url)

        text = page.content.decode()
        assert page.status_code == 200
        assert "日付の誤りを訂正" in text
        assert "年" in text.split("<dt>")[1].split("差替え</dt>")[0]
        assert f'href="{replaced.versions.get().url}"' in text

    def test_is_none_where_nothing_was_replaced(self, client: Client, document: SiteDocument) -> None:
        assert document.history_url == ""
        assert client.get(f"/files/{document.pk}/history/").status_code == 404
        assert client.get(f"/files/{document.pk}/versions/1/").status_code == 404

    def test_lists_show_it_without_a_query(
        self, client: Client, replaced: SiteDocument, django_assert_num_queries: Any, settings: Any
    ) -> None:
        settings.PAGE_CACHE = False
        library = DocumentLibraryPageFactory(parent=home_page())
        for number in (1, 30):
            document = SiteDocument.objects.get(pk=replaced.pk)
            library.groups = [("documents", {"heading": "要綱", "documents": [document] * number})]
            library.save_revision().publish()
            client.get(library.url, headers={"Cookie": "messages=x"})
            with django_assert_num_queries(10):
                text = client.get(library.url, headers={"Cookie": "messages=x"}).content.decode()
            assert text.count("差替え</a>") == number

    @pytest.mark.parametrize("part", ["", "history/", "versions/1/"])
    def test_is_for_those_who_may_have_the_document(
        self, client: Client, replaced: SiteDocument, collection: Collection, everybody_is_member: None, part: str
    ) -> None:
        for_members(collection)
        address = f"{replaced.url}{part}"

        visitor = client.get(address)
        client.force_login(UserFactory())
        stranger = client.get(address)
        client.force_login(AffiliationFactory().person)
        member = client.get(address)

        assert (visitor.status_code, stranger.status_code, member.status_code) == (302, 403, 200)
        assert "日付の誤り" not in stranger.content.decode()
        assert "private" in member.headers["Cache-Control"]
        body(member)


class TestWithholding:
    def test_leaves_date_and_reason_and_takes_the_file(
        self, client: Client, replaced: SiteDocument, administrator: User
    ) -> None:
        version = replaced.versions.get()
        address = reverse("media_version_withhold", args=[version.pk])
        assert version.filename in client.get(address).content.decode()

        assert client.post(address, {"withhold": "yes"}).status_code == 302

        mine = client.get(version.url)
        assert (mine.status_code, mine.headers["Cache-Control"]) == (200, "no-cache, private")
        body(mine)
        visitor = Client()
        text = visitor.get(replaced.history_url).content.decode()
        assert "日付の誤りを訂正" in text
        assert "第1版は、公開していません。" in text
        assert version.url not in text
        assert visitor.get(version.url).status_code == 404
        assert ModelLogEntry.objects.filter(action="media.version_withheld", user=administrator).exists()

        client.post(address, {"withhold": "no"})
        response = visitor.get(version.url)
        assert response.status_code == 200
        body(response)

    def test_is_refused_to_whom_may_not_edit_the_document(self, client: Client, replaced: SiteDocument) -> None:
        version = replaced.versions.get()
        client.force_login(UserFactory())
        client.post(reverse("media_version_withhold", args=[version.pk]), {"withhold": "yes"})
        version.refresh_from_db()
        assert not version.is_withheld

    def test_editors_see_every_version_in_the_form(
        self, client: Client, replaced: SiteDocument, administrator: User
    ) -> None:
        version = replaced.versions.get()
        document_version_withhold(version=version, is_withheld=True)
        text = client.get(reverse("wagtaildocs:edit", args=[replaced.pk])).content.decode()
        assert "日付の誤りを訂正" in text
        assert version.url in text
        assert "閲覧停止" in text
