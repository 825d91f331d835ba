"""The one door to files: whole or in part, from whose cache, and to whom."""

from typing import Any

import pytest
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Collection, CollectionViewRestriction, GroupCollectionPermission

from cms.accounts.models import User
from cms.media.models import SiteDocument, SiteImage
from cms.media.validators.ranges import UnsatisfiableRangeError, requested_part
from tests.cms.media.test_uploads import png
from tests.factories.access import for_everyone, for_groups, for_members, make_group
from tests.factories.accounts import AffiliationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CONTENT = b"0123456789" * 20_000


@pytest.fixture
def collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="会員専用")


@pytest.fixture
def document(collection: Collection) -> SiteDocument:
    return SiteDocument.objects.create(title="名簿", file=ContentFile(CONTENT, "名簿.pdf"), collection=collection)


@pytest.fixture
def image(collection: Collection) -> SiteImage:
    file = ContentFile(png(40, 30), "p.png")
    return SiteImage.objects.create(title="会場", description="x", file=file, collection=collection)


@pytest.fixture
def person(everybody_is_member: None) -> User:
    """A member."""
    return AffiliationFactory().person


def body(response: Any) -> bytes:
    """Read it to its end, which closes it, as a server does."""
    content: bytes = response.getvalue() if response.streaming else response.content
    return content


class TestParts:
    @pytest.mark.parametrize(
        ("header", "part"),
        [
            ("bytes=0-0", (0, 0)),
            ("bytes=5-9", (5, 9)),
            ("bytes=5-", (5, 99)),
            ("bytes=-3", (97, 99)),
            ("bytes=-300", (0, 99)),
            ("bytes=0-999", (0, 99)),
            ("", None),
            ("bytes=-", None),
            ("bytes=9-5", None),
            ("bytes=0-1,3-4", None),
            ("lines=1-2", None),
            ("bytes=１-２", None),
        ],
    )
    def test_of_a_hundred_bytes(self, header: str, part: tuple[int, int] | None) -> None:
        assert requested_part(header, 100) == part

    @pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=0-", 0), ("bytes=-0", 100)])
    def test_outside_the_file(self, header: str, size: int) -> None:
        with pytest.raises(UnsatisfiableRangeError):
            requested_part(header, size)

    @given(st.text(max_size=30), st.integers(0, 1000))
    def test_never_reach_outside(self, header: str, size: int) -> None:
        for text in (header, f"bytes={header}"):
            try:
                part = requested_part(text, size)
            except UnsatisfiableRangeError:
                continue
            assert part is None or 0 <= part[0] <= part[1] < size


class TestDocument:
    def test_whole(self, client: Client, document: SiteDocument) -> None:
        response = client.get(document.url)

        assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(CONTENT)))
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert body(response) == CONTENT

    def test_in_part(self, client: Client, document: SiteDocument) -> None:
        response = client.get(document.url, headers={"Range": "bytes=199990-"})

        assert response.status_code == 206
        assert response.headers["Content-Range"] == "bytes 199990-199999/200000"
        assert response.headers["Content-Length"] == "10"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert body(response) == b"0123456789"
        assert body(client.get(document.url, headers={"Range": "bytes=1-70000"})) == CONTENT[1:70001]

    def test_part_outside_the_file(self, client: Client, document: SiteDocument) -> None:
        response = client.get(document.url, headers={"Range": "bytes=200000-"})
        assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */200000")

    def test_resumed_download_gets_a_replaced_file_whole(self, client: Client, document: SiteDocument) -> None:
        response = client.get(document.url)
        etag = response.headers["ETag"]
        body(response)
        resume = {"Range": "bytes=10-19", "If-Range": etag}
        part = client.get(document.url, headers=resume)
        assert (part.status_code, body(part)) == (206, b"0123456789")

        document.file.storage.delete(document.file.name)
        document.file.storage.save(document.file.name, ContentFile(b"new"))

        response = client.get(document.url, headers=resume)
        assert (response.status_code, body(response)) == (200, b"new")

    def test_is_not_sent_again_to_whom_has_it(self, client: Client, document: SiteDocument) -> None:
        first = client.get(document.url)
        body(first)
        etag, day = first.headers["ETag"], first.headers["Last-Modified"]

        assert client.get(document.url, headers={"If-None-Match": etag}).status_code == 304
        assert client.get(document.url, headers={"If-Modified-Since": day}).status_code == 304

    def test_head_has_the_headers_and_no_body(self, client: Client, document: SiteDocument) -> None:
        response = client.head(document.url)
        assert (response.status_code, response.headers["Content-Length"], response.content) == (200, "200000", b"")

    @pytest.mark.parametrize("path", ["/files/{pk}/{name}", "/files/0/", "/media/documents/{name}"])
    def test_has_one_address(self, client: Client, document: SiteDocument, path: str) -> None:
        address = path.format(pk=document.pk, name=document.filename)
        assert client.get(address).status_code == 404

    def test_whose_file_is_gone(self, client: Client, document: SiteDocument) -> None:
        document.file.storage.delete(document.file.name)
        assert client.get(document.url).status_code == 404

    def test_nothing_is_posted_to_it(self, client: Client, document: SiteDocument) -> None:
        assert client.post(document.url).status_code == 405


class TestGate:
    def test_open_files_are_for_every_cache(
        self, client: Client, document: SiteDocument, image: SiteImage, django_assert_num_queries: Any
    ) -> None:
        rendition = image.get_rendition("width-20")
        with django_assert_num_queries(1):
            picture = client.get(rendition.url)
        file = client.get(document.url)

        assert picture.headers["Cache-Control"] == "public, max-age=3600"
        assert file.headers["Cache-Control"] == "no-cache, public"
        assert not picture.has_header("Vary")
        body(picture)
        body(file)

    def test_closed_files_are_for_no_shared_cache(
        self, client: Client, document: SiteDocument, image: SiteImage, collection: Collection, person: User
    ) -> None:
        for_members(collection)
        client.force_login(person)

        for url in (document.url, image.get_rendition("width-20").url):
            response = client.get(url)
            assert response.status_code == 200
            assert {"private", "no-cache"} == set(response.headers["Cache-Control"].split(", "))
            assert "Cookie" in response.headers["Vary"]
            body(response)

    def test_visitor_is_sent_to_log_in_for_a_document_and_refused_a_picture(
        self, client: Client, document: SiteDocument, image: SiteImage, collection: Collection
    ) -> None:
        for_members(collection)

        file, picture = client.get(document.url), client.get(image.get_rendition("width-20").url)

        assert file.headers["Location"].startswith("/accounts/login/?next=/files/")
        assert picture.status_code == 403
        assert "no-store" in file.headers["Cache-Control"]
        assert "no-store" in picture.headers["Cache-Control"]

    @pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}])
    def test_person_without_the_right_gets_neither_a_part_nor_a_hint(
        self, client: Client, document: SiteDocument, collection: Collection, headers: dict[str, str]
    ) -> None:
        for_groups(collection, make_group())
        client.force_login(UserFactory())

        response = client.get(document.url, headers=headers)

        assert response.status_code == 403
        assert "グループ" in response.content.decode()
        assert not response.has_header("ETag")

    def test_rule_above_holds_below(self, client: Client, document: SiteDocument, collection: Collection) -> None:
        for_members(Collection.get_first_root_node())
        assert client.get(document.url).status_code == 302

    def test_restriction_made_by_another_way_closes_copies_of_a_picture_too(
        self, client: Client, image: SiteImage, collection: Collection
    ) -> None:
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
        assert client.get(image.get_rendition("width-20").url).status_code == 403

    @pytest.mark.parametrize("kind", ["login", "groups", "password"])
    def test_restriction_made_by_another_way_lets_nobody_in_but_editors(
        self, client: Client, document: SiteDocument, collection: Collection, person: User, kind: str
    ) -> None:
        CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind, password="open")
        responses = [client.get(document.url)]
        for who in (person, UserFactory(), UserFactory(is_superuser=True)):
            client.force_login(who)
            responses.append(client.get(document.url))

        # For a shared password there is no door, for an editor neither.
        assert [one.status_code for one in responses] == ([403] * 4 if kind == "password" else [302, 403, 403, 200])
        assert [CONTENT in body(one) for one in responses] == [one.status_code == 200 for one in responses]

    def test_rule_changed_during_a_download_lets_it_end_and_holds_for_the_next_part(
        self, client: Client, document: SiteDocument, collection: Collection
    ) -> None:
        response = client.get(document.url)
        stream = iter(response.streaming_content)
        begun = next(stream)

        for_members(collection)

        assert begun + b"".join(stream) == CONTENT
        assert client.get(document.url, headers={"Range": "bytes=10-"}).status_code == 302
        for_everyone(collection)
        assert body(client.get(document.url, headers={"Range": "bytes=199995-"})) == b"56789"

    def test_file_replaced_during_a_download_does_not_mix_with_the_old(
        self, client: Client, document: SiteDocument
    ) -> None:
        response = client.get(document.url)
        stream = iter(response.streaming_content)
        begun = next(stream)

        document.file.storage.delete(document.file.name)
        document.file.storage.save(document.file.name, ContentFile(b"new" * 60_000))

        assert begun + b"".join(stream) == CONTENT


class TestOriginal:
    def test_is_for_those_who_edit_the_image(self, client: Client, image: SiteImage, collection: Collection) -> None:
        address = f"/media/{image.file.name}"
        assert client.get(address).status_code == 404
        client.force_login(UserFactory(is_superuser=True))
        response = client.get(address)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-cache")
        body(response)

    def test_who_may_only_choose_it_gets_neither_it_nor_a_closed_copy(
        self, client: Client, image: SiteImage, collection: Collection
    ) -> None:
        for_groups(collection, make_group())
        url = image.get_rendition("width-20").url
        editors = EditorGroup.objects.create(name="広報")
        editor = UserFactory()
        editor.groups.add(editors)
        client.force_login(editor)
        statuses = {}
        for codename in ("choose_image", "change_image"):
            permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailimages")
            GroupCollectionPermission.objects.create(group=editors, collection=collection, permission=permission)
            responses = [client.get(address) for address in (url, f"/media/{image.file.name}")]
            statuses[codename] = [response.status_code for response in responses if body(response) is not None]
        assert statuses == {"choose_image": [403, 404], "change_image": [200, 200]}


class TestWebServerInFront:
    @pytest.mark.parametrize(
        ("setting", "header", "ends"),
        [
            ("X-Accel-Redirect:/internal/", "X-Accel-Redirect", "/internal/documents/%E5%90%8D%E7%B0%BF"),
            ("X-Sendfile", "X-Sendfile", "/media/documents/%E5%90%8D%E7%B0%BF"),
        ],
    )
    def test_is_told_what_to_send_once_the_gate_is_open(
        self,
        client: Client,
        document: SiteDocument,
        collection: Collection,
        settings: Any,
        setting: str,
        header: str,
        ends: str,
    ) -> None:
        settings.MEDIA_SENT_BY = setting

        response = client.get(document.url)
        assert response.content == b""
        assert response.headers["Content-Type"] == "application/pdf"
        assert ends in response.headers[header]

        for_members(collection)
        refused = client.get(document.url)
        assert refused.status_code == 302
        assert not refused.has_header(header)
