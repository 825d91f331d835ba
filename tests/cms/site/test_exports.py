"""What the admin exports: no cell runs as a formula, Japanese Excel reads it, and people read the words of the screen.

The exports are those that the URLconf has: a list that is new is among them.
"""

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import TextChoices
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cms.accounts.models import User
from cms.media.models import SiteImage
from cms.pages.models import HomePage
from plugins.members.models import RegisterAccess
from tests.cms.dashboard.everything import everything
from tests.factories.pages import SectionPageFactory
from tests.urlconf import arguments, entries, view_of

OURS = {
    "accounts",
    "deliveries",
    "documents",
    "images",
    "declared-figures",
    "mail",
    "meeting-series",
    "meetings",
    "notices",
    "organisations",
    "reader-groups",
    "suspended-addresses",
    "enquiries",
    "people",
    "roster",
    "memberships",
    "officers",
    "announcements",
    "failed-jobs",
    "searches-without-result",
}
AS_ON_THE_SCREEN = {
    "/admin/members/people/": {"役割": "正担当者", "アカウント": "登録済み"},
    "/admin/members_claims/": {"状態": "審査待ち"},
}
"""What somebody reads in a list that is exported, as its file says it."""
LISTS = {
    "/admin/pages/": ["タイトル", "更新", "種類", "状態"],
    "/admin/meetings/": ["タイトル", "年度", "回", "日時", "終了", "状態"],
    "/admin/images/": ["タイトル", "ファイル", "コレクション", "作成", "使用箇所"],
    "/admin/documents/": ["タイトル", "ファイル", "コレクション", "作成", "使用箇所"],
    "/admin/users/": ["氏名", "ID", "権限の区分", "有効", "最終ログイン"],
    "/admin/organisations/": ["名称", "ふりがな", "全国地方公共団体コード", "種別", "都道府県", "担当課名"],
    "/admin/reader_groups/": ["名称", "現在の席数", "設定しているページ・コレクション", "備考"],
    "/admin/snippets/pages/meetingseries/": ["名称", "アドレスに使う略称", "主な会議"],
    "/admin/members_declared/": ["出典", "基準日", "種別", "団体数"],
    "/admin/mail/": ["件名", "種類", "作成", "送信待ち", "送信済", "延期", "失敗", "不達", "送達不明"],
    "/admin/mail/deliveries/": ["メールアドレス", "宛先", "団体", "メール", "状態", "最後の応答", "完了"],
    "/admin/mail/suspended/": ["メールアドレス", "個人", "団体", "電話番号", "原因", "通知の内容", "停止日時"],
    "/admin/mail/notices/": ["件名", "宛先の範囲", "状態", "送信予定", "作成", "作成した人"],
}
"""Lists that people work with every day, and the columns of their files."""
NO_CODES = {"system"}
"""Wagtail's word for whatever nobody did."""
NO_WORDS = {"ID", "URL"}
NAME_OF_CODE = r"^[a-z]|[._]|^\s|\s$|^$"
MOMENT_OF_A_MACHINE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:|\+00:00"


def exports() -> Iterator[tuple[str, SpreadsheetExportMixin]]:
    """Yield each address of the site that can export, with its view."""
    for _name, pattern, entry in entries():
        view_class = view_of(entry)
        if isinstance(view_class, type) and issubclass(view_class, SpreadsheetExportMixin):
            view = view_class(**entry.callback.view_initkwargs)
            if view.list_export:
                yield pattern, view


KEPT_IN_JAPANESE = {"/admin/members_access/", "/admin/members_access/results/"}
"""A log for everybody in the office, whoever acted: its words are those of the site's language."""


def raw_choices() -> set[str]:
    """Return what is stored for a choice and said nowhere."""
    kinds, found = [TextChoices], []
    for kind in kinds:
        kinds += kind.__subclasses__()
        found += [one.value for one in kind] if kind is not TextChoices else []
    return {value for value in found if re.fullmatch("[a-z_]{3,}", value)}


def test_no_export_of_the_admin_holds_a_formula_and_all_open_in_japanese_excel() -> None:
    found = {(type(view), view.get_filename(), view.export_filename): view for _address, view in exports()}
    cells, texts = [], []
    for view in found.values():
        view.request = RequestFactory().get("/")
        view.request.user = AnonymousUser()
        texts.append(next(view.stream_csv(User.objects.none())))
        plain = [field for field in view.list_export if field not in view.custom_field_preprocess]
        cells += [
            (type(view), field, view.preprocess_field_value(field, f"{start}1", file_format))
            for field in plain
            for file_format in view.FORMATS
            for start in "=+-@\t\r＝＋－＠"
        ]

    assert [cell for cell in cells if not cell[2].startswith("'")] == []
    assert all(text.startswith(codecs.BOM_UTF8) for text in texts)
    assert {view.get_filename() for view in found.values()} >= OURS


@pytest.mark.parametrize("value", [-5, None, "1-1", "本文"])
def test_what_runs_nowhere_is_exported_as_it_is(value: Any) -> None:
    assert SpreadsheetExportMixin().preprocess_field_value("note", value, "csv") == value


@pytest.fixture
def admin(client: Client, db: None, language: str) -> Client:
    """An administrator of a site that has one of everything."""
    client.force_login(everything(language)["administrator"])
    client.cookies["kairan_language"] = language
    return client


def table(client: Client, address: str) -> list[list[str]]:
    text = client.get(address, {"export": "csv"}).getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_export_has_the_words_of_its_reader(admin: Client, language: str) -> None:
    tables = {address: table(admin, address) for address, _view in exports() if not arguments(address)}
    headings = {address: rows[0] for address, rows in tables.items()}
    cells = [(address, cell) for address, rows in tables.items() for row in rows[1:] for cell in row]

    named_by_code = {one: [word for word in row if re.search(NAME_OF_CODE, word)] for one, row in headings.items()}
    assert {address: words for address, words in named_by_code.items() if words} == {}
    assert [address for address, row in headings.items() if len(set(row)) < len(row)] == []
    if language == "ja":
        said = {word for row in headings.values() for word in row} - NO_WORDS
        assert {word for word in said if not re.search(r"[ぁ-ヶ一-龥]", word)} == set()
    assert [one for one in cells if re.search(MOMENT_OF_A_MACHINE, one[1])] == []
    raw = raw_choices() - NO_CODES
    assert [one for one in cells if one[1] in raw] == []
    if language == "en":
        assert {address for address, cell in cells if re.search(r"[ぁ-ヶ一-龥]", cell)} <= KEPT_IN_JAPANESE
    assert len({address for address, rows in tables.items() if rows[1:]}) >= 20


@pytest.mark.parametrize("language", ["ja"])
@pytest.mark.parametrize("address", AS_ON_THE_SCREEN)
def test_choices_are_said_as_on_the_screen(admin: Client, address: str) -> None:
    headings, *rows = table(admin, address)

    assert AS_ON_THE_SCREEN[address].items() <= dict(zip(headings, rows[0], strict=True)).items()


@pytest.mark.parametrize("language", ["ja"])
@pytest.mark.parametrize("address", LISTS)
def test_list_offers_a_file_with_the_columns_of_the_screen(admin: Client, address: str) -> None:
    shown = admin.get(address).content.decode()

    headings, *rows = table(admin, address)
    assert headings == LISTS[address]
    assert ["export=csv" in shown, "export=xlsx" in shown, bool(rows)] == [True] * 3


@pytest.mark.parametrize("language", ["ja"])
def test_file_of_images_holds_more_than_one_screen_shows(admin: Client) -> None:
    image = SiteImage.objects.get()
    SiteImage.objects.bulk_create(SiteImage(title=f"写真{n}", file=image.file, width=1, height=1) for n in range(40))

    assert len(table(admin, "/admin/images/")) == 1 + 41


@pytest.mark.parametrize("language", ["ja"])
def test_file_of_pages_costs_as_many_queries_for_fifteen_as_for_one(admin: Client) -> None:
    parent = SectionPageFactory(parent=HomePage.objects.get())
    counts = []
    for number in (1, 14):
        for _page in range(number):
            SectionPageFactory(parent=parent)
        table(admin, f"/admin/pages/{parent.pk}/")
        with CaptureQueriesContext(connection) as queries:
            assert len(table(admin, f"/admin/pages/{parent.pk}/")) == 1 + parent.get_children().count()
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["ja"])
def test_file_of_people_is_recorded_as_one(admin: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        admin.get("/admin/users/", {"q": "見本", "export": "csv"})

    assert RegisterAccess.objects.latest("pk").detail.endswith("(CSV): 見本")


FIRST_OF_APRIL = dt.datetime(2010, 3, 31, 15, 4, 59, 999, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "in_csv", "in_xlsx"),
    [
        (FIRST_OF_APRIL, "2010-04-01 00:04", dt.datetime.fromisoformat("2010-04-01T00:04")),
        (dt.date(2010, 4, 1), dt.date(2010, 4, 1), dt.date(2010, 4, 1)),
        (True, "はい", "はい"),
        (False, "いいえ", "いいえ"),
    ],
)
def test_moments_are_japanese_and_to_the_minute(value: Any, in_csv: Any, in_xlsx: Any) -> None:
    view = SpreadsheetExportMixin()

    with translation.override("ja"):
        assert view.preprocess_field_value("at", value, "csv") == in_csv
        assert view.preprocess_field_value("at", value, "xlsx") == in_xlsx


@pytest.mark.parametrize("language", ["ja"])
def test_workbook_says_the_same_as_the_text(admin: Client) -> None:
    answer = admin.get("/admin/members_claims/", {"export": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    headings, *rows = table(admin, "/admin/members_claims/")
    assert [cell.value for cell in sheet[1]] == headings
    received = headings.index("申請の受付日時")
    assert sheet[2][received].value.strftime("%Y-%m-%d %H:%M") == rows[0][received]
