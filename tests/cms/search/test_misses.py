"""Counting what was searched for in vain: each word once a day, nothing about anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from cms.calendar import today
from cms.fulltext.query import parse
from cms.search import services
from cms.search.models import MissedQuery
from cms.search.services import misses

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def count(typed: str) -> None:
    services.missed_query_count(query=parse(typed))


def test_counts_go_by_day_and_folded_words() -> None:
    MissedQuery.objects.create(day=today() - timedelta(days=1), words="ふるさと納税", count=5)

    for typed in ("ふるさと納税", "フルサト納税", "マイナンバー 交付"):
        count(typed)

    counted = MissedQuery.objects.filter(day=today()).values_list("words", "count")
    assert sorted(counted) == [("ふるさと納税", 2), ("まいなんば 交付", 1)]


@pytest.mark.parametrize(
    "typed",
    [
        "taro@example.jp",
        "ｔａｒｏ＠example.jp",
        "03-1234-5678",
        "０９０１２３４５６７８",
        "1234567890123",
        "山田 090 1234 5678",
        "03(1234)5678",
        "03（1234）5678",
        "０３（１２３４）５６７８",
        "(03) 1234-5678",
        "03\N{MINUS SIGN}1234\N{MINUS SIGN}5678",
        "03ー1234ー5678",
        "03ｰ1234ｰ5678",
        "03－1234－5678",
        "090\N{HYPHEN}1234\N{HYPHEN}5678",
        "090\N{EN DASH}1234\N{EM DASH}5678",
        "090.1234.5678",
        "０９０．１２３４．５６７８",
        "090・1234・5678",
        "+81 3 1234 5678",
        "03の1234の5678",
        "03局1234番5678",
        "03〜1234〜5678",
        "03～1234_5678",
        "090─1234━5678",
        "【03】1234、5678",
        "〇九〇―一二三四―五六七八",
        "090 2009 2010",
        "2009 2010 1234",
        "",
        "*",
    ],
)
def test_what_may_identify_a_person_is_not_kept(typed: str) -> None:
    count(typed)

    assert not MissedQuery.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "2009-2010",
        "2009（平成21）年度",
        "平成21年",
        "第12回 2009年度",
        "2010.2",
        "21-22年度",
        "2008 2009 2010",
        "二〇〇九～二〇一〇",
        "十二の三の一番",
    ],
)
def test_years_are_no_telephone_numbers(typed: str) -> None:
    count(typed)

    assert MissedQuery.objects.exists()


def test_flood_of_words_is_cut_but_known_words_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses, "MISSED_QUERIES_A_DAY", 2)

    for typed in ("一", "二", "三", "一"):
        count(typed)

    assert dict(MissedQuery.objects.values_list("words", "count")) == {"一": 2, "二": 1}


def test_long_query_fits_the_column() -> None:
    count("あ" * 200)

    assert len(MissedQuery.objects.get().words) == 64


def test_old_counts_are_deleted() -> None:
    MissedQuery.objects.create(day=today() - timedelta(days=401), words="古い")
    MissedQuery.objects.create(day=today() - timedelta(days=399), words="去年")

    assert services.missed_queries_prune() == 1
    assert MissedQuery.objects.get().words == "去年"


def test_report_shows_and_exports_counts_to_everyone_in_the_admin(client: Any, django_user_model: Any) -> None:
    MissedQuery.objects.create(day=today(), words="ふるさと納税", count=7)
    group = Group.objects.create(name="editors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor = django_user_model.objects.create_user("editor", "editor@example.jp", "x")
    editor.groups.add(group)
    client.force_login(editor)

    report = client.get(reverse("search_missed")).content.decode()
    export = client.get(reverse("search_missed"), {"export": "csv"})

    assert "見つからなかった検索" in report
    assert "ふるさと納税" in report
    assert "ふるさと納税,7" in b"".join(export.streaming_content).decode()
    assert reverse("search_missed") in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse("search_documents")).status_code == 403
