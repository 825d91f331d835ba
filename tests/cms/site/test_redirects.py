"""Redirects from a file: as Japanese offices save it, with rows that are wrong."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry

from cms.site.services.redirects import BYTES_ALLOWED
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ADDRESS = "/admin/redirects/import/"
BULK = "/admin/bulk/wagtailredirects/redirect/delete/"


@pytest.fixture
def editor(client: Client) -> Any:
    editor = UserFactory(is_superuser=True)
    client.force_login(editor)
    return editor


@pytest.fixture
def news(editor: Any) -> Any:
    return SectionPageFactory(parent=home_page(), slug="news", title="お知らせ")


def upload(client: Client, content: bytes, **extra: Any) -> str:
    file = SimpleUploadedFile("redirects.csv", content)
    return client.post(ADDRESS, {"file": file}, **extra).content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_file_of_an_office_is_read(client: Client, news: Any, encoding: str, delimiter: str) -> None:
    rows = [("旧アドレス", "新アドレス"), ("/kyu/index.html", "/news/"), ("", ""), ("/x/", "https://www.example.jp/y")]
    text = upload(client, "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))

    assert "作成：2件" in text
    page, address = Redirect.objects.order_by("pk")
    assert (page.old_path, page.redirect_page.pk, page.is_permanent) == ("/kyu/index.html", news.pk, True)
    assert (address.old_path, address.redirect_link) == ("/x", "https://www.example.jp/y")
    visitor = Client().get("/kyu/index.html")
    assert (visitor.status_code, visitor.headers["Location"]) == (301, news.url)


def test_wrong_rows_are_named_with_the_reason_and_the_others_taken(client: Client, news: Any) -> None:
    Redirect.objects.create(old_path="/taken", redirect_link="https://www.example.jp/")
    rows = [
        "/good/,/news/",
        "/short/",
        "/a/,/news/,/c/",
        "/js/,javascript:alert(1)",
        "page.html,/news/",
        "/taken/,/news/",
    ]
    rows += ["/news/,/good/", f"/long/,/{'x' * 300}", "/good/,/news/", "<script>alert(1)</script>,/news/"]

    text = upload(client, "\n".join(rows).encode())

    assert "作成：1件　登録済：1件　取り込めなかった行：8件" in text
    assert Redirect.objects.count() == 2
    for number, reason in [
        (2, "旧アドレスと新アドレスの両方が必要です。"),
        (3, "列が3つ以上あります。"),
        (4, "URLを正しく入力してください。"),
        (5, "旧アドレスは、/old/page.html のように「/」で始めてください。"),
        (6, "旧アドレスには、別の転送先が設定されています。"),
        (7, "旧アドレスにはページがあるため、転送されません。"),
        (8, "新しいアドレスが長すぎます。"),
    ]:
        row = text.split(f"<tr><td>{number}</td>")[1].split("</tr>")[0]
        assert reason in row
    assert "<script>alert(1)" not in text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空"),
        (b"\n\n", "ファイルに何も書かれていません。"),
        (b"PK\x03\x04\x00\x81\x00", "ファイルはCSVではありません。"),
        (b'/a/,"/b/', "CSVが壊れています"),
        (b"/a/,/b/\n" * (BYTES_ALLOWED // 8 + 1), "ファイルが1MBを超えています。"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(
    client: Client, editor: Any, content: bytes, sentence: str
) -> None:
    assert sentence in upload(client, content)
    assert not Redirect.objects.exists()


def test_sentences_are_english_for_readers_of_english(client: Client, news: Any) -> None:
    client.cookies["kairan_language"] = "en"
    text = upload(client, b"/short/")
    assert "A row needs the old address and the new one." in text


def test_is_for_those_who_may_add_redirects(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {}).status_code == 403
    client.force_login(UserFactory(is_superuser=True))
    assert client.get("/admin/redirects/import/process/").headers["Location"] == ADDRESS


def test_several_are_deleted_at_once_and_told_with_a_number(client: Client, editor: Any) -> None:
    chosen = [Redirect.objects.create(old_path=f"/old-{n}", redirect_link="https://www.example.jp/") for n in range(2)]
    Redirect.objects.create(old_path="/stays", redirect_link="https://www.example.jp/")
    assert "data-bulk-action-checkbox" in client.get("/admin/redirects/").content.decode()
    address = f"{BULK}?id={chosen[0].pk}&id={chosen[1].pk}&next=/admin/redirects/"

    asked = client.get(address).content.decode()
    told = client.post(address, follow=True).content.decode()

    assert ["/old-0" in asked, "/old-1" in asked, "/stays" in asked] == [True, True, False]
    assert "転送設定を2件削除しました。" in told
    assert Redirect.objects.get().old_path == "/stays"
    assert ModelLogEntry.objects.filter(action="wagtail.delete", user=editor).count() == 2


def test_all_that_the_list_shows_are_those_of_its_search(client: Client, editor: Any) -> None:
    for path in ("/kyu/1", "/kyu/2", "/stays"):
        Redirect.objects.create(old_path=path, redirect_link="https://www.example.jp/")

    client.post(f"{BULK}?id=all&next=/admin/redirects/%3Fq%3Dkyu")

    assert Redirect.objects.get().old_path == "/stays"


def test_who_may_not_delete_neither_ticks_nor_deletes(client: Client, editor: Any) -> None:
    redirect = Redirect.objects.create(old_path="/old", redirect_link="https://www.example.jp/")
    person = UserFactory()
    rights = ["access_admin", "change_redirect"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)

    assert client.post(f"{BULK}?id={redirect.pk}").status_code in {302, 403}

    assert "data-bulk-action-checkbox" not in client.get("/admin/redirects/").content.decode()
    assert Redirect.objects.exists()
