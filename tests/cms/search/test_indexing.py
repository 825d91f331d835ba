"""What is found when: at once after publishing, never after unpublishing, and only by whom it may be."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from cms.fulltext.query import parse
from cms.media.models import SiteDocument
from cms.pages.enums import MinutesState
from cms.pages.models import HomePage, SectionPage
from cms.plugin_api.models import ContributionError
from cms.plugin_api.services import plugin_toggle
from cms.search import services
from cms.search.models import Entry
from cms.search.selectors import Results, suggestions
from tests.dummy_plugin import contrib
from tests.dummy_plugin.models import DummyPage, Thing
from tests.factories.pages import FAQPageFactory, SectionPageFactory

pytestmark = pytest.mark.postgres

Committed = Callable[[], Any]


def found(typed: str, reader: Any = None, **narrowed: Any) -> list[str]:
    """Titles that a person finds, a visitor unless said otherwise; counted, listed and suggested alike."""
    results = Results(parse(typed), reader=reader or AnonymousUser(), **narrowed)
    titles = ["".join(segment.text for segment in hit.title) for hit in results[0:100]]
    assert results.count() == len(titles)
    return titles


def suggested(typed: str) -> list[str]:
    return [one.title for one in suggestions(parse(typed), reader=AnonymousUser())]


def index_rows() -> int:
    """Rows of the full-text index itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_index")
        return cursor.fetchone()[0]


@pytest.fixture
def page(home: HomePage, committed: Committed) -> SectionPage:
    """A live page, made as an editor makes one."""
    with committed():
        page = home.add_child(instance=SectionPage(title="引継ぎの手引き", slug="handover", live=False))
        page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_page_is_found_once_published_with_what_was_published(page: SectionPage, committed: Committed) -> None:
    assert found("引継ぎ") == ["引継ぎの手引き"]
    assert suggested("引継ぎ") == ["引継ぎの手引き"]

    page.title = "後任への引継ぎ"
    with committed():
        revision = page.save_revision()
    assert found("後任") == []

    with committed():
        revision.publish()
    assert found("後任") == ["後任への引継ぎ"]
    assert found("手引き") == []


@pytest.mark.parametrize(
    "end",
    [
        lambda page: page.unpublish(),
        lambda page: page.delete(),
        lambda page: Page.objects.filter(pk=page.pk).update(live=False),
        lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
        lambda page: PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login"),
    ],
    ids=["unpublished", "deleted", "unpublished by other code", "restricted", "restricted above"],
)
def test_page_is_gone_at_once(page: SectionPage, committed: Committed, end: Callable[[Page], Any]) -> None:
    with committed():
        end(page)

    assert found("引継ぎ") == []
    assert suggested("引継ぎ") == []


def test_page_moved_under_a_restricted_one_is_gone(page: SectionPage, home: HomePage, committed: Committed) -> None:
    closed = SectionPageFactory(parent=home, title="会員専用")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")

    with committed():
        page.move(closed, pos="last-child")

    assert found("引継ぎ") == []


def test_moved_page_is_found_at_its_new_address(page: SectionPage, home: HomePage, committed: Committed) -> None:
    section = SectionPageFactory(parent=home, slug="about")

    with committed():
        page.move(section, pos="last-child")

    hit = Results(parse("引継ぎ"), reader=AnonymousUser())[0:1][0]
    assert hit.url == "/about/handover/"


def test_deleted_page_leaves_nothing_in_the_index(page: SectionPage, committed: Committed) -> None:
    assert index_rows() == 1

    with committed():
        page.delete()

    assert index_rows() == 0
    assert not Entry.objects.exists()


def test_streams_and_tags_are_found(home: HomePage, committed: Committed) -> None:
    questions = [{"type": "question", "value": {"question": "登録は？", "answer": "<p>事務局へ<b>連絡</b>する。</p>"}}]
    with committed():
        faq = FAQPageFactory(parent=home, questions=questions, body=[("heading", "加入の手続")])
        faq.tags.add("新任者")
        faq.save()

    assert found("事務局へ連絡") == [faq.title]
    assert found("加入の手続") == [faq.title]
    assert found("新任者") == [faq.title]
    assert found("strong") == []


def test_meeting_is_found_by_place_day_agenda_and_approved_minutes(meeting: Any, committed: Committed) -> None:
    for typed in ("全国町村議員会館", "平成21年6月9日", "2009年6月9日", "事業実施"):
        assert found(typed) == [meeting.title], typed
    assert found("役員会", fiscal_year=2009) == [meeting.title]
    assert found("役員会", fiscal_year=2010) == []
    assert found("異議なし") == []
    hit = Results(parse("平成21年6月9日"), reader=AnonymousUser())[0:1][0]
    assert "平成21年6月9日" not in "".join(segment.text for segment in hit.snippet)

    meeting.minutes_state = MinutesState.APPROVED
    with committed():
        meeting.save()
    assert found("異議なし") == [meeting.title]


@pytest.fixture
def meeting(home: HomePage, committed: Committed) -> Any:
    from tests.factories.pages import MeetingIndexPageFactory, MeetingPageFactory, MeetingSeriesFactory

    start = timezone.make_aware(timezone.datetime(2009, 6, 9, 11, 45))
    with committed():
        return MeetingPageFactory(
            parent=MeetingIndexPageFactory(parent=home),
            title="平成21年度第1回役員会",
            fiscal_year=2009,
            number=1,
            series=MeetingSeriesFactory(name="役員会"),
            start=start,
            end=start + timezone.timedelta(hours=1),
            venue_building="全国町村議員会館",
            agenda=[("item", "平成21年度事業実施")],
            minutes="<p>異議なしと認める。</p>",
        )


def test_pages_of_a_plugin_are_found_while_it_is_on(home: HomePage, committed: Committed) -> None:
    with committed():
        dummy = home.add_child(instance=DummyPage(title="抽選会", slug="things"))
        dummy.add_child(instance=SectionPage(title="抽選会の景品", slug="below"))
    assert sorted(found("抽選会")) == ["抽選会", "抽選会の景品"]

    with committed():
        plugin_toggle(slug="dummy", on=False, by=None)
    assert found("抽選会") == []
    assert suggested("抽選会") == []

    with committed():
        plugin_toggle(slug="dummy", on=True, by=None)
    assert len(found("抽選会")) == 2


def test_block_of_a_plugin_is_found_while_it_is_on(home: HomePage, committed: Committed) -> None:
    with committed():
        SectionPageFactory(parent=home, title="挨拶", body=[("dummy_greeting", {"text": "御機嫌よう"})])
    assert found("御機嫌") == ["挨拶"]

    with committed():
        plugin_toggle(slug="dummy", on=False, by=None)
    assert found("御機嫌") == []

    with committed():
        plugin_toggle(slug="dummy", on=True, by=None)
    assert found("御機嫌") == ["挨拶"]


def test_objects_of_a_plugin_follow_its_source(home: HomePage, committed: Committed, django_user_model: Any) -> None:
    with committed():
        thing, secret = Thing.objects.create(name="脚立"), Thing.objects.create(name="secret 脚立")
        Thing.objects.create(name="draft 脚立")
    member = django_user_model.objects.create_user("member", "member@example.jp", "x")

    assert found("脚立") == ["脚立"]
    assert sorted(found("脚立", member)) == ["secret 脚立", "脚立"]
    assert found("物の説明", kind="dummy.thing", fiscal_year=2009) == ["脚立"]
    hit = Results(parse("脚立"), reader=AnonymousUser())[0:1][0]
    assert (hit.url, hit.kind, hit.date) == (f"/dummy/{thing.pk}/", "Things", date(2009, 6, 9))

    with committed():
        plugin_toggle(slug="dummy", on=False, by=None)
    assert found("脚立", member) == []

    with committed():
        plugin_toggle(slug="dummy", on=True, by=None)
        secret.delete()
    assert found("脚立", member) == ["脚立"]


def test_a_source_that_raises_lets_nobody_find_its_objects_and_everybody_the_rest(
    page: SectionPage, committed: Committed, monkeypatch: pytest.MonkeyPatch, django_user_model: Any
) -> None:
    def fail(*given: Any) -> None:
        raise RuntimeError("no idea")

    with committed():
        Thing.objects.create(name="脚立")
        page.title = "脚立の使い方"
        page.save_revision().publish()
    member = django_user_model.objects.create_user("member", "member@example.jp", "x")
    monkeypatch.setattr(contrib, "things_visible_to", fail)
    assert found("脚立", member) == ["脚立の使い方"]

    monkeypatch.setattr(contrib, "thing_record", fail)
    services.plugin_reindex(slug="dummy")
    assert {error.place for error in ContributionError.objects.filter(plugin="dummy")} == {"point search_sources"}


def test_documents_of_a_restricted_collection_are_not_found(home: HomePage) -> None:
    root = Collection.get_first_root_node()
    closed = root.add_child(name="会員専用")
    inner = closed.add_child(name="役員")
    for collection in (root, closed, inner):
        document = SiteDocument.objects.create(title=f"要綱 {collection.name}", file="x.pdf", collection=collection)
        services.document_index(document_id=document.pk)
    assert len(found("要綱")) == 3

    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")

    assert found("要綱") == [f"要綱 {root.name}"]
    assert suggested("要綱") == [f"要綱 {root.name}"]


def test_permission_comes_before_the_cap(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.fulltext.postgresql.RANK_LIMIT", 3)
    closed = SectionPageFactory(parent=home, title="会員専用")
    pages = [SectionPageFactory(parent=closed, title=f"規程 {number}") for number in range(10)]
    pages += [SectionPageFactory(parent=home, title="公開の長い名の規程 " + "あ" * number) for number in range(5)]
    for page in pages:
        services.page_index(page_id=page.pk)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")

    assert len(found("規程")) == 5


def test_long_text_is_found_to_its_end_and_across_chunks(home: HomePage) -> None:
    page = SectionPageFactory(parent=home, title="長文")
    words = [f"第{number}条の規定" for number in range(6000)]
    SectionPage.objects.filter(pk=page.pk).update(summary="、".join(words))
    services.page_index(page_id=page.pk)

    for number in (0, 799, 1234, 2500, 4000, 5999):
        assert found(f"「第{number}条の規定、第{number + 1}条」" if number < 5999 else "第5999条の規定") == ["長文"]
    assert found("第0条 第5999条") == ["長文"]
    assert found("第6000条") == []


def test_rebuild_mends_what_check_complains_of(page: SectionPage, home: HomePage) -> None:
    services.index_rebuild(report=print)
    assert services.index_problems() == []
    SectionPageFactory(parent=home, title="索引にない")
    SiteDocument.objects.create(title="これもない", file="x.pdf")
    Page.objects.filter(pk=page.pk).update(live=False)
    Thing.objects.create(name="脚立")
    said: list[str] = []

    assert len(services.index_problems()) == 3
    services.index_rebuild(report=said.append)

    assert services.index_problems() == []
    assert found("索引にない") == ["索引にない"]
    assert found("脚立") == ["脚立"]
    assert said[-1].endswith("5件")


def test_check_sees_rows_that_the_index_lacks(page: SectionPage) -> None:
    services.index_rebuild(report=print)
    Entry.objects.exclude(page=page).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_index")
    Entry.objects.update(title_key="以前の規則")

    problems = services.index_problems()

    assert [problem[:5] for problem in problems[1:]] == ["索引項目1", "索引項目1"]
