"""Meetings: numbers, times, what is printed, prefilled and copied, and their calendars."""

import json
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

from cms.calendar import TOKYO, FiscalYear
from cms.pages.models import MeetingIndexPage, MeetingPage, MeetingSeries
from cms.pages.services import page_copy_to_next_year
from tests.factories.accounts import UserFactory
from tests.factories.pages import (
    MeetingIndexPageFactory,
    MeetingPageFactory,
    MeetingSeriesFactory,
    SectionPageFactory,
    home_page,
)

pytestmark = pytest.mark.django_db

START = datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)


@pytest.fixture
def index() -> MeetingIndexPage:
    return MeetingIndexPageFactory(parent=home_page())


def lines(*texts: str) -> str:
    return json.dumps([{"type": "item", "value": text, "id": text} for text in texts])


def meeting(index: MeetingIndexPage, **kwargs: Any) -> MeetingPage:
    return MeetingPageFactory(parent=index, **{"start": START, "end": START + timedelta(minutes=75), **kwargs})


def entered(client: Client, address: str, **changes: str) -> dict[str, str]:
    """What the editor's browser sends after these fields were changed."""
    html = client.get(address).content.decode()
    streams = {f"{name}-count": "0" for name in ("agenda", "decisions", "documents", "body")}
    return {**querydict_from_html(html, form_id="page-edit-form").dict(), **streams, **changes}


def latest(page: MeetingPage) -> MeetingPage:
    return MeetingPage.objects.get(pk=page.pk).get_latest_revision_as_object()


class TestNumber:
    def test_two_live_meetings_cannot_share_one(self, index: MeetingIndexPage) -> None:
        meeting(index, number=1)

        with pytest.raises(ValidationError, match="この回が既にあります"):
            meeting(index, number=1, slug="other")

    def test_the_database_refuses_it_too(self, index: MeetingIndexPage) -> None:
        meeting(index, number=1)
        second = meeting(index, number=2)

        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingPage.objects.filter(pk=second.pk).update(published_number=1)

    def test_drafts_may_share_it(self, index: MeetingIndexPage) -> None:
        meeting(index, number=1)

        draft = meeting(index, number=1, slug="draft", live=False)

        assert draft.published_number is None

    def test_another_series_or_year_counts_on_its_own(self, index: MeetingIndexPage) -> None:
        meeting(index, number=1)

        meeting(
            index, number=1, slug="assembly", series=MeetingSeriesFactory(name="総会", slug="assembly", is_main=False)
        )
        later = {"start": START.replace(year=2010), "end": START.replace(year=2010, hour=13)}
        meeting(index, number=1, slug="fy2010-1", fiscal_year=2010, **later)

        assert MeetingPage.objects.filter(published_number=1).count() == 3

    def test_unpublishing_frees_it(self, index: MeetingIndexPage) -> None:
        first = meeting(index, number=1)

        first.unpublish()

        assert meeting(index, number=1, slug="again").published_number == 1

    def test_publishing_a_draft_takes_it(self, index: MeetingIndexPage) -> None:
        draft = meeting(index, number=1, live=False)

        draft.save_revision().publish()

        assert MeetingPage.objects.get(pk=draft.pk).published_number == 1

    def test_it_must_not_be_zero(self, index: MeetingIndexPage) -> None:
        with pytest.raises(ValidationError):
            meeting(index, number=0)


class TestTimes:
    @pytest.mark.parametrize("minutes", [0, -1])
    def test_it_ends_after_it_starts(self, index: MeetingIndexPage, minutes: int) -> None:
        with pytest.raises(ValidationError, match="終了は、開始より後"):
            meeting(index, end=START + timedelta(minutes=minutes))

    def test_the_database_holds_to_it(self, index: MeetingIndexPage) -> None:
        page = meeting(index)

        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingPage.objects.filter(pk=page.pk).update(end=START)

    def test_it_lies_in_its_fiscal_year(self, index: MeetingIndexPage) -> None:
        with pytest.raises(ValidationError, match="平成21年度に属します"):
            meeting(index, fiscal_year=2008)


class TestPrinted:
    @pytest.mark.parametrize(
        ("organisations", "people", "secretariat", "printed"),
        [
            (5, 5, True, "5団体5名、事務局"),
            (5, None, None, "5団体"),
            (None, 8, False, "8名"),
            (None, None, True, "事務局"),
            (None, None, None, ""),
            (0, 0, None, "0団体0名"),
        ],
    )
    def test_attendance_leaves_out_what_is_unknown(
        self, organisations: int | None, people: int | None, secretariat: bool | None, printed: str
    ) -> None:
        page = MeetingPage(organisations_present=organisations, people_present=people, secretariat_present=secretariat)

        assert page.attendance == printed

    def test_attendance_says_who_counted_or_not(self) -> None:
        counted = MeetingPage(attendees="本会役員", organisations_present=5, people_present=5, secretariat_present=True)

        assert counted.attendance == "本会役員5団体5名、事務局"
        assert MeetingPage(attendees="本会役員", secretariat_present=True).attendance == "本会役員、事務局"
        assert MeetingPage(attendees="本会役員").attendance == "本会役員"

    def test_attendance_in_english(self) -> None:
        page = MeetingPage(organisations_present=1, people_present=5, secretariat_present=True)

        with translation.override("en"):
            assert page.attendance == "1 organisation, 5 people and the secretariat"

    def test_an_open_agenda_says_so_after_its_last_item(self) -> None:
        page = MeetingPage(agenda=lines("一", "二"), agenda_is_open=True)

        assert page.agenda_items == ["一", "二 等"]

    @pytest.mark.parametrize(
        ("venue", "printed"),
        [
            (("東京", "全国町村議員会館", "7階 特別会議室"), "東京・全国町村議員会館 7階 特別会議室"),
            (("大阪", "", ""), "大阪"),
            (("", "会館", "高砂"), "会館 高砂"),
            (("", "", ""), ""),
        ],
    )
    def test_venue(self, venue: tuple[str, str, str], printed: str) -> None:
        page = MeetingPage(venue_city=venue[0], venue_building=venue[1], venue_room=venue[2])

        assert page.venue == printed

    def test_draft_minutes_stay_inside(self, index: MeetingIndexPage, client: Client) -> None:
        page = meeting(index, minutes="<p>発言の記録</p>", minutes_state="draft")

        assert "発言の記録" not in client.get(page.url).content.decode()

    def test_approved_minutes_are_shown(self, index: MeetingIndexPage, client: Client) -> None:
        page = meeting(index, minutes="<p>発言の記録</p>", minutes_state="approved")

        assert "発言の記録" in client.get(page.url).content.decode()

    def test_what_is_unknown_has_no_row(self, index: MeetingIndexPage, client: Client) -> None:
        page = meeting(index, start=None, end=None)

        html = client.get(page.url).content.decode()

        assert "<dt>" not in html
        assert ".ics" not in html


class TestNeighbours:
    def test_are_of_the_same_series_and_live(self, index: MeetingIndexPage) -> None:
        def at(days: int, **kwargs: Any) -> MeetingPage:
            start = START + timedelta(days=days)
            return meeting(index, start=start, end=start + timedelta(hours=1), **kwargs)

        other = MeetingSeriesFactory(name="総会", slug="assembly", is_main=False)
        first, second, third = at(0, number=1), at(100, number=2), at(200, number=3)
        at(50, number=1, series=other, slug="assembly-1")
        at(150, number=9, live=False)

        assert second.neighbours == {"previous": first, "next": third}
        assert first.neighbours == {"next": second}
        assert third.neighbours == {"previous": second}


class TestIndex:
    def test_groups_by_fiscal_year_latest_first(self, index: MeetingIndexPage, client: Client) -> None:
        meeting(index, number=1)
        start = datetime(2010, 6, 1, 10, tzinfo=TOKYO)
        meeting(index, number=1, fiscal_year=2010, start=start, end=start + timedelta(hours=1), slug="fy2010-1")

        html = client.get(index.url).content.decode()

        assert html.index('<h2 id="fy2010">平成22年度</h2>') < html.index('<h2 id="fy2009">平成21年度</h2>')

    def test_the_address_narrows_it(self, index: MeetingIndexPage, client: Client) -> None:
        assembly = MeetingSeriesFactory(name="総会", slug="assembly", is_main=False)
        meeting(index, number=1, title="役員の会")
        meeting(index, number=1, series=assembly, slug="assembly-1", title="皆の会")

        html = client.get(index.url, {"series": "assembly", "fy": "2009"}).content.decode()

        assert "皆の会" in html
        assert "役員の会" not in html
        assert '<option value="assembly" selected>' in html

    def test_what_does_not_exist_is_ignored(self, index: MeetingIndexPage, client: Client) -> None:
        meeting(index, title="役員の会")

        html = client.get(index.url, {"series": "'; --", "fy": "x"}).content.decode()

        assert "役員の会" in html

    def test_drafts_are_not_listed(self, index: MeetingIndexPage, client: Client) -> None:
        meeting(index, title="未公開の会", live=False)

        html = client.get(index.url).content.decode()

        assert "未公開の会" not in html
        assert "公開している会議はまだありません。" in html


class TestCalendar:
    def test_all_meetings(self, index: MeetingIndexPage, client: Client) -> None:
        page = meeting(index, venue_city="東京", venue_building="全国町村議員会館")
        meeting(index, live=False)

        response = client.get(f"{index.url}calendar.ics")

        events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
        assert response.headers["Content-Type"].startswith("text/calendar")
        assert [str(event["SUMMARY"]) for event in events] == [page.title]
        assert events[0].start == START
        assert str(events[0]["LOCATION"]) == "東京・全国町村議員会館"
        assert b"BEGIN:VTIMEZONE" in response.content

    def test_one_meeting_has_the_same_uid_there_and_after_a_change(
        self, index: MeetingIndexPage, client: Client
    ) -> None:
        page = meeting(index)
        before = icalendar.Calendar.from_ical(client.get(f"{index.url}calendar.ics").content).walk("VEVENT")[0]

        page.slug, page.title = "renamed", "改題"
        page.save()
        after = icalendar.Calendar.from_ical(client.get(f"{page.url}meeting.ics").content).walk("VEVENT")[0]

        assert before["UID"] == after["UID"]
        assert before["SUMMARY"] != after["SUMMARY"]

    @pytest.mark.parametrize("name", ["other.ics", "calendar.ics/x", "../calendar.ics"])
    def test_no_other_file(self, index: MeetingIndexPage, client: Client, name: str) -> None:
        assert client.get(f"{index.url}{name}", follow=True).status_code == 404

    def test_a_restricted_index_gives_no_calendar(self, index: MeetingIndexPage, client: Client) -> None:
        meeting(index)
        index.view_restrictions.create(restriction_type="login")

        response = client.get(f"{index.url}calendar.ics")

        assert response.status_code == 302
        assert "/accounts/login/" in response.headers["Location"]


class TestPrefilled:
    def test_continues_from_the_last_meeting(self, index: MeetingIndexPage) -> None:
        year = FiscalYear.current().year
        start = datetime(year, 5, 1, 10, tzinfo=TOKYO)
        meeting(index, fiscal_year=year, number=2, start=start, end=start + timedelta(hours=1), venue_city="大阪")

        values = MeetingPage.initial_values(index)

        assert values["fiscal_year"] == year
        assert values["number"] == 3
        assert values["venue_city"] == "大阪"
        assert values["slug"] == f"fy{year}-3"
        assert values["title"] == f"{FiscalYear(year).japanese}第3回役員会"

    def test_without_any_meeting_or_series_it_is_left_to_the_editor(self, index: MeetingIndexPage) -> None:
        values = MeetingPage.initial_values(index)

        assert values["series"] is None
        assert "title" not in values

    def test_a_second_series_puts_its_name_first(self) -> None:
        series = MeetingSeries(name="総会", slug="assembly")

        proposed = MeetingPage.proposed({"fiscal_year": 2009, "series": series, "number": 1})

        assert proposed == {"title": "平成21年度第1回総会", "slug": "assembly-fy2009-1"}

    def test_the_title_follows_a_changed_number(self, index: MeetingIndexPage, admin_client: Client) -> None:
        MeetingSeriesFactory()
        address = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])

        admin_client.post(address, entered(admin_client, address, fiscal_year="2009", number="7"))

        page = MeetingPage.objects.get()
        assert (page.title, page.slug, page.live) == ("平成21年度第7回役員会", "fy2009-7", False)

    def test_what_followed_in_the_browser_follows_on_after_an_error(
        self, index: MeetingIndexPage, admin_client: Client
    ) -> None:
        meeting(index, series=MeetingSeriesFactory(), fiscal_year=2009, number=3)
        address = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])
        followed = {"title": "平成21年度第3回役員会", "slug": "fy2009-3"}
        sent = entered(admin_client, address, fiscal_year="2009", number="3", **followed, **{"action-publish": "1"})

        form = admin_client.post(address, sent).content.decode()

        assert [f'data-proposal-last-value="{value}"' in form for value in followed.values()] == [True, True]

    def test_a_title_of_ones_own_stays(self, index: MeetingIndexPage, admin_client: Client) -> None:
        MeetingSeriesFactory()
        address = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])

        admin_client.post(address, entered(admin_client, address, number="7", title="臨時の会"))

        assert MeetingPage.objects.get().title == "臨時の会"

    def test_the_title_of_a_draft_follows_again_until_it_is_published(
        self, index: MeetingIndexPage, admin_client: Client
    ) -> None:
        MeetingSeriesFactory()
        add = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])
        admin_client.post(add, entered(admin_client, add, fiscal_year="2009", number="7"))
        page = MeetingPage.objects.get()
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

        admin_client.post(edit, entered(admin_client, edit, fiscal_year="2010", number="8"))
        drafted = latest(page)
        admin_client.post(edit, entered(admin_client, edit, number="9", **{"action-publish": "1"}))
        page.refresh_from_db()
        published = (page.title, page.slug)
        admin_client.post(edit, entered(admin_client, edit, number="10"))

        assert (drafted.title, drafted.slug) == ("平成22年度第8回役員会", "fy2010-8")
        assert published == ("平成22年度第9回役員会", "fy2010-9")
        assert latest(page).slug == "fy2010-9"

    def test_what_one_changed_oneself_stays_also_when_the_draft_is_saved_again(
        self, index: MeetingIndexPage, admin_client: Client
    ) -> None:
        MeetingSeriesFactory()
        add = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])
        admin_client.post(add, entered(admin_client, add, fiscal_year="2009", number="7", title="臨時の会"))
        page = MeetingPage.objects.get()
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

        admin_client.post(edit, entered(admin_client, edit, number="8"))

        drafted = latest(page)
        assert (drafted.title, drafted.slug) == ("臨時の会", "fy2009-8")

    def test_the_form_is_told_what_follows_while_it_is_filled_in(
        self, index: MeetingIndexPage, admin_client: Client
    ) -> None:
        series = MeetingSeriesFactory()
        address = reverse("pages_proposal", args=["pages", "meetingpage"])

        complete = admin_client.get(address, {"fiscal_year": "2009", "series": series.pk, "number": "7"})
        half_typed = admin_client.get(address, {"fiscal_year": "20", "series": series.pk, "number": "7"})

        assert complete.json() == {"title": "平成21年度第7回役員会", "slug": "fy2009-7"}
        assert half_typed.json() == {}

    @pytest.mark.parametrize("other", [["pages", "nothing"], ["accounts", "user"]])
    def test_it_is_told_nothing_of_what_is_no_page(self, admin_client: Client, other: list[str]) -> None:
        assert admin_client.get(reverse("pages_proposal", args=other)).status_code == 404

    def test_without_script_the_rest_is_saved_and_what_cannot_be_shown_stays(
        self, index: MeetingIndexPage, admin_client: Client
    ) -> None:
        page = meeting(index, number=7, agenda=lines("一"), live=False)
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        data = entered(admin_client, address, venue_city="仙台")
        sent = {name: value for name, value in data.items() if not name.endswith("-count")}

        response = admin_client.post(address, sent)

        assert response.status_code == 302
        assert (latest(page).venue_city, latest(page).agenda_items) == ("仙台", ["一"])

    def test_a_draft_needs_no_number(self, index: MeetingIndexPage, admin_client: Client) -> None:
        MeetingSeriesFactory()
        address = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])

        admin_client.post(address, entered(admin_client, address, number=""))

        assert MeetingPage.objects.get().number is None

    def test_publishing_without_one_is_refused(self, index: MeetingIndexPage, admin_client: Client) -> None:
        MeetingSeriesFactory()
        address = reverse("wagtailadmin_pages:add", args=["pages", "meetingpage", index.pk])
        data = entered(admin_client, address, number="", **{"action-publish": "1"})

        response = admin_client.post(address, data)

        assert "number" in response.context["form"].errors
        assert not MeetingPage.objects.exists()

    def test_publishing_a_taken_number_names_who_has_it(self, index: MeetingIndexPage, admin_client: Client) -> None:
        taken = meeting(index, number=1)
        draft = meeting(index, number=1, slug="draft", live=False)
        address = reverse("wagtailadmin_pages:edit", args=[draft.pk])
        data = entered(admin_client, address, **{"action-publish": "1"})

        response = admin_client.post(address, data)

        assert taken.title in str(response.context["form"].errors["number"])
        assert MeetingPage.objects.get(pk=draft.pk).live is False


class TestCopy:
    def test_an_ordinary_copy_has_no_number(self, index: MeetingIndexPage) -> None:
        page = meeting(index, number=2)
        page.save_revision()

        copied = page.copy(update_attrs={"slug": "copy"}, keep_live=True)

        assert copied.number is None
        assert copied.get_latest_revision_as_object().number is None

    def test_next_year_keeps_what_is_the_same_each_year(self, index: MeetingIndexPage) -> None:
        page = meeting(
            index,
            number=2,
            label="新旧役員会",
            venue_city="東京",
            agenda=lines("新役員の選出"),
            decisions=lines("決めた"),
            people_present=6,
            minutes="<p>記録</p>",
            minutes_state="approved",
        )

        copied = page_copy_to_next_year(page=page, by=UserFactory(is_superuser=True))

        draft = MeetingPage.objects.get(pk=copied.pk)
        assert (draft.fiscal_year, draft.number, draft.live) == (2010, None, False)
        assert (draft.title, draft.slug) == ("平成22年度役員会", "officers-fy2010")
        assert (draft.label, draft.venue_city, draft.agenda_items) == ("新旧役員会", "東京", ["新役員の選出"])
        assert (draft.start, draft.end, draft.people_present) == (None, None, None)
        assert (draft.decision_items, draft.minutes, draft.minutes_state) == ([], "", "draft")
        assert draft.get_latest_revision_as_object().number is None

    def test_a_second_copy_gets_a_slug_of_its_own(self, index: MeetingIndexPage) -> None:
        page, user = meeting(index), UserFactory(is_superuser=True)

        slugs = [page_copy_to_next_year(page=page, by=user).slug for _ in range(3)]

        assert slugs == ["officers-fy2010", "officers-fy2010-2", "officers-fy2010-3"]

    def test_its_title_follows_the_number_that_is_given(self, index: MeetingIndexPage, admin_client: Client) -> None:
        copied = page_copy_to_next_year(page=meeting(index), by=UserFactory(is_superuser=True))
        address = reverse("wagtailadmin_pages:edit", args=[copied.pk])

        admin_client.post(address, entered(admin_client, address, number="1"))

        draft = MeetingPage.objects.get(pk=copied.pk).get_latest_revision_as_object()
        assert (draft.title, draft.slug, draft.number) == ("平成22年度第1回役員会", "fy2010-1", 1)

    def test_the_admin_asks_and_then_copies(self, index: MeetingIndexPage, admin_client: Client) -> None:
        page = meeting(index)
        address = reverse("pages_copy_to_next_year", args=[page.pk])

        asked = admin_client.get(address)
        done = admin_client.post(address)

        copied = MeetingPage.objects.get(fiscal_year=2010)
        assert "平成22年度" in asked.content.decode()
        assert done.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[copied.pk])

    def test_nothing_else_can_be_copied_so(self, index: MeetingIndexPage, admin_client: Client) -> None:
        section: Page = SectionPageFactory(parent=index.get_parent())

        assert admin_client.post(reverse("pages_copy_to_next_year", args=[section.pk])).status_code == 404

    def test_a_person_without_the_right_cannot(self, index: MeetingIndexPage, client: Client) -> None:
        page = meeting(index)
        client.force_login(UserFactory())

        client.post(reverse("pages_copy_to_next_year", args=[page.pk]))

        assert MeetingPage.objects.count() == 1


class TestAdminList:
    def test_lists_meetings_with_number_and_date(self, index: MeetingIndexPage, admin_client: Client) -> None:
        meeting(index, number=1)

        html = admin_client.get(reverse("meetings:index")).content.decode()

        assert "平成21年度第1回役員会" in html
        assert "平成21年6月9日（火）11:45～13:00" in html

    def test_can_be_narrowed_to_a_fiscal_year(self, index: MeetingIndexPage, admin_client: Client) -> None:
        meeting(index, number=1)
        meeting(index, number=1, fiscal_year=2010, start=None, end=None, title="翌年の会")

        html = admin_client.get(reverse("meetings:index_results"), {"fiscal_year": "2010"}).content.decode()

        assert "翌年の会" in html
        assert "平成21年度第1回役員会" not in html


def test_calendar_entries_of_home_look_a_year_ahead(client: Client) -> None:
    home = home_page()
    index = MeetingIndexPageFactory(parent=home)
    soon = datetime.now(TOKYO) + timedelta(days=30)
    year = FiscalYear.of(soon).year
    meeting(index, number=1, title="次の会", fiscal_year=year, start=soon, end=soon + timedelta(hours=1))
    meeting(index, number=2, title="昔の会", start=START, end=START + timedelta(hours=1))

    html = client.get(home.url).content.decode()

    assert "次の会" in html
    assert "昔の会" not in html


def test_series_are_found_by_name_and_short_name(client: Client, db: None) -> None:
    client.force_login(UserFactory(is_superuser=True))
    MeetingSeries.objects.create(name="監査会", slug="audit")
    MeetingSeries.objects.create(name="専門部会", slug="experts")
    for words in ("監査", "audit"):
        found = client.get(reverse("wagtailsnippets_pages_meetingseries:list"), {"q": words}).content.decode()
        assert ["監査会" in found, "専門部会" in found] == [True, False]
