"""The pages as visitors see them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from wagtail.models import Page

from cms.calendar import now
from cms.plugin_api.state import state_read_once
from plugins.seminars.enums import AttendanceMeaning
from plugins.seminars.models import SeminarPage
from tests.factories.pages import MeetingPageFactory
from tests.factories.seminars import START, OccurrenceFactory, SeminarPageFactory, SessionFactory, talk

PERSON = {"name": "矢野 友哉", "honorific": "氏", "affiliation": "松山市 市民部 市民課", "post": "総務担当リーダー"}


def text_of(response):
    """Return the words of the main part, without markup and without repeated white space."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def meeting(parent, number=2):
    return MeetingPageFactory(parent=parent, number=number, start=START, end=START + timedelta(hours=1))


@pytest.fixture
def seminar(index):
    page = SeminarPageFactory(
        parent=index, title="トピックスセミナー", slug="fy2009-topics", attendance_total=250, note="平成20年度同様"
    )
    page.hosts = [("host", {"name": "地方自治情報センター", "role": "co_host"})]
    page.programme = [talk(title="総合窓口業務について", speakers=[PERSON])]
    page.save()
    occurrence = OccurrenceFactory(
        page=page, venue_city="東京", venue_building="東京ビッグサイト", venue_room="西1ホール"
    )
    SessionFactory(occurrence=occurrence, label="午前の部", attendance=133, sort_order=0)
    SessionFactory(occurrence=occurrence, label="午後の部", attendance=117, sort_order=1)
    return page


def test_a_seminar_prints_its_record(seminar, client):
    text = text_of(client.get("/seminars/fy2009-topics/"))
    for words in (
        "トピックスセミナー",
        "平成22年2月9日（火）13:30～17:00",
        "東京・東京ビッグサイト 西1ホール",
        "共催 地方自治情報センター",
        "250名 午前の部：133名 午後の部：117名",
        "平成20年度同様",
        "「総合窓口業務について」",
        "松山市 市民部 市民課 総務担当リーダー 矢野 友哉 氏",
    ):
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", text)


def test_what_is_unknown_prints_nothing(index, client):
    OccurrenceFactory(page=SeminarPageFactory(parent=index, slug="bare"), venue_building="")
    text = text_of(client.get("/seminars/bare/"))
    for words in ("参加者", "0名", "テーマ", "主催", "プログラム", "備考", "出典", "資料", "None"):
        assert words not in text


def test_a_total_that_is_no_sum_of_its_parts_says_so(seminar, client):
    seminar.attendance_total, seminar.attendance_meaning = 180, AttendanceMeaning.UNIQUE
    seminar.save()

    assert "実人数180名" in text_of(client.get("/seminars/fy2009-topics/"))


def test_a_counted_zero_is_said_in_words(index, client):
    SeminarPageFactory(parent=index, slug="nobody", attendance_total=0)
    assert "参加者はなかった。" in text_of(client.get("/seminars/nobody/"))


def test_a_seminar_without_a_date_says_so(index, client):
    SeminarPageFactory(parent=index, slug="undated")
    assert "日時・会場 未定" in text_of(client.get("/seminars/undated/"))


def test_a_seminar_links_to_the_meeting_that_decided_it_while_visitors_see_that(index, meetings, client):
    decider = meeting(meetings)
    SeminarPageFactory(parent=index, slug="decided", decided_by=decider)
    assert f'href="{decider.url}"' in client.get("/seminars/decided/").content.decode()
    decider.unpublish()
    assert decider.title not in client.get("/seminars/decided/").content.decode()


def test_each_city_has_its_own_programme(index, client):
    page = SeminarPageFactory(parent=index, slug="cities")
    tokyo = OccurrenceFactory(page=page, venue_city="東京")
    osaka = OccurrenceFactory(page=page, venue_city="大阪", start=START + timedelta(days=1))
    page.programme = [talk(title="甲", at=[str(tokyo.key)]), talk(title="乙", at=[str(osaka.key)]), talk(title="丙")]
    page.save()
    text = text_of(client.get("/seminars/cities/"))
    tokyo_part, osaka_part = text[text.index("東京開催") :].split("大阪開催")[:2]
    assert "「甲」" in tokyo_part
    assert "「乙」" not in tokyo_part
    assert "「乙」" in osaka_part
    assert "「甲」" not in osaka_part
    assert text.count("「丙」") == 2


def test_a_seminar_page_in_english_translates_the_frame_not_the_content(seminar, client):
    client.cookies["language"] = "en"
    response = client.get("/seminars/fy2009-topics/")
    assert 'lang="ja"' in response.content.decode()


def with_talks(page, number):
    page.programme = [talk(title=f"演題{place}", speakers=[PERSON]) for place in range(number)]
    page.save()
    for place in range(number):
        occurrence = OccurrenceFactory(page=page, start=START + timedelta(days=place))
        SessionFactory(occurrence=occurrence)


@pytest.mark.parametrize("number", [1, 30])
def test_a_seminar_page_asks_for_its_rows_and_its_meetings_once(index, meetings, rf, django_assert_num_queries, number):
    page = SeminarPageFactory(parent=index, decided_by=meeting(meetings))
    with_talks(page, number)
    request = rf.get(page.url)
    SeminarPage.objects.get(pk=page.pk).serve(request).render()
    stored = SeminarPage.objects.get(pk=page.pk)
    with state_read_once(), django_assert_num_queries(4):  # the state and the trail are the frame's
        html = stored.serve(request).render().content.decode()
    assert html.count("talk__title") == number**2


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_a_seminar_page_takes_as_many_queries_for_thirty_rows_as_for_one(index, meetings, client):
    pages = [SeminarPageFactory(parent=index, decided_by=meeting(meetings, number=place)) for place in (1, 2)]
    with_talks(pages[0], 1)
    with_talks(pages[1], 30)
    assert [queries_of(client, page.url) for page in pages] == [6, 6]


def test_the_index_takes_as_many_queries_for_twenty_seminars_as_for_one(index, client):
    for place in range(20):
        with_talks(SeminarPageFactory(parent=index, fiscal_year=2009 if place else 2008), 2)
    one, nineteen = (queries_of(client, f"/seminars/?fy={year}") for year in (2008, 2009))
    assert (one, nineteen) == (8, 8)


def test_the_index_groups_what_is_to_come_and_what_was_by_fiscal_year(index, client):
    OccurrenceFactory(page=SeminarPageFactory(parent=index, title="過去の会"))
    OccurrenceFactory(page=SeminarPageFactory(parent=index, title="次の会"), start=now() + timedelta(days=3))
    text = text_of(client.get("/seminars/"))
    assert text.index("これから開催するセミナー") < text.index("次の会") < text.index("平成21年度 過去の会")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"平成21年度の会", "平成22年度の会", "次の会"}),
        ("?fy=2009", {"平成21年度の会"}),
        ("?phase=past", {"平成21年度の会", "平成22年度の会"}),
        ("?phase=upcoming", {"次の会"}),
        ("?fy=2010&phase=upcoming", set()),
        ("?fy=平成&phase=%00&page=x", {"平成21年度の会", "平成22年度の会", "次の会"}),
    ],
)
def test_the_index_follows_the_filter_in_its_address(index, client, query, shown):
    OccurrenceFactory(page=SeminarPageFactory(parent=index, title="平成21年度の会"))
    OccurrenceFactory(
        page=SeminarPageFactory(parent=index, title="平成22年度の会", fiscal_year=2010),
        start=START + timedelta(days=100),
    )
    soon = now() + timedelta(days=3)
    OccurrenceFactory(
        page=SeminarPageFactory(parent=index, title="次の会", fiscal_year=soon.year - (soon.month < 4)), start=soon
    )
    html = client.get(f"/seminars/{query}").content.decode()
    found = {title for title in ("平成21年度の会", "平成22年度の会", "次の会") if f">{title}</a>" in html}
    assert found == shown


def test_the_filter_shows_what_was_chosen(index, client):
    OccurrenceFactory(page=SeminarPageFactory(parent=index))
    html = client.get("/seminars/?fy=2009&phase=past").content.decode()
    assert re.search(r'<option value="2009"\s+selected>平成21年度</option>', html)
    assert re.search(r'<option value="past"\s+selected>終了</option>', html)


def test_an_empty_index_says_why_and_what_to_do(index, client):
    assert "お知らせするセミナーはまだありません。" in text_of(client.get("/seminars/"))
    text = text_of(client.get("/seminars/?fy=2009"))
    assert "条件に合うセミナーはありません。" in text
    assert "全てのセミナーを表示" in text


def test_drafts_are_nowhere(index, client):
    draft = SeminarPageFactory(parent=index, slug="draft", title="秘密の会", live=False)
    OccurrenceFactory(page=draft)
    assert client.get("/seminars/draft/").status_code == 404
    assert "秘密の会" not in client.get("/seminars/").content.decode()
    assert "秘密の会" not in client.get("/seminars/calendar.ics").content.decode()


def test_a_seminar_gives_its_dates_to_calendars(seminar, client):
    response = client.get("/seminars/fy2009-topics/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.start == START
    assert str(event["LOCATION"]) == "東京・東京ビッグサイト 西1ホール"
    assert str(event["URL"]).endswith("/seminars/fy2009-topics/")


def test_the_index_gives_all_dates_to_calendars(seminar, index, client):
    other = SeminarPageFactory(parent=index, slug="other")
    OccurrenceFactory(page=other)
    OccurrenceFactory(page=other, venue_city="大阪")
    events = Calendar.from_ical(client.get("/seminars/calendar.ics").content).walk("VEVENT")
    assert len(events) == 3
    assert len({str(event["UID"]) for event in events}) == 3


def test_public_pages_set_no_cookie(seminar, client):
    for address in ("/seminars/", "/seminars/fy2009-topics/", "/seminars/calendar.ics"):
        assert not client.get(address).cookies


def test_pages_can_be_made_where_they_belong_only(index, home):
    assert Page.objects.child_of(home).type(type(index)).exists()
    assert not type(index).can_create_at(home)
    assert SeminarPageFactory._meta.model.can_create_at(index)
    assert not SeminarPageFactory._meta.model.can_create_at(home)
