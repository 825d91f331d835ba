"""Announcements in the admin."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cms.announcements.models import Announcement
from tests.factories.accounts import UserFactory
from tests.factories.announcements import AnnouncementFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/announcements/"
SENTENCE = "掲載終了は、掲載開始より後にしてください。"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def form(**values: str) -> dict[str, str]:
    usual = {"level": "2", "text": "会場変更", "text_en": "", "link": ""}
    return {**usual, "starts_at": "2009-06-01 09:00", "ends_at": "2009-06-09 18:00", **values}


def test_administrator_announces_and_the_history_says_who(desk: Client) -> None:
    desk.post(f"{LIST}add/", form())

    announcement = Announcement.objects.get()
    assert announcement.starts_at.isoformat() == "2009-06-01T00:00:00+00:00"
    history = desk.get(reverse(announcement.snippet_viewset.get_url_name("history"), args=[announcement.pk]))
    assert "作成" in history.content.decode()


def test_end_before_start_is_refused_with_one_sentence_and_keeps_what_was_typed(desk: Client) -> None:
    response = desk.post(f"{LIST}add/", form(ends_at="2009-05-31 18:00"))

    html = response.content.decode()
    assert not Announcement.objects.exists()
    assert response.context["form"].errors == {"ends_at": [SENTENCE]}
    assert html.count(SENTENCE) == 1
    assert 'value="会場変更"' in html
    assert 'value="2009-05-31 18:00"' in html


def test_list_says_what_stands_where_and_narrows_to_it(desk: Client) -> None:
    now = timezone.now()
    AnnouncementFactory(text="今の話")
    AnnouncementFactory(text="先の話", starts_at=now + timedelta(days=1))
    AnnouncementFactory(text="昔の話", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))

    everything = desk.get(LIST).content.decode()
    found = {value: desk.get(LIST, {"standing": value}).content.decode() for value in ("shown", "coming", "over")}

    assert all(word in everything for word in ("掲載中", "掲載予定", "掲載終了"))
    for value, text in (("shown", "今の話"), ("coming", "先の話"), ("over", "昔の話")):
        assert [word in found[value] for word in ("今の話", "先の話", "昔の話")].count(True) == 1
        assert text in found[value]


def test_list_is_exported(desk: Client) -> None:
    AnnouncementFactory(text="会場変更")

    response = desk.get(LIST, {"export": "xlsx"})

    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert [row[0] for row in rows] == ["文章", "会場変更"]


def test_several_are_deleted_at_once(desk: Client) -> None:
    doomed = AnnouncementFactory.create_batch(2)
    AnnouncementFactory(text="残る")
    url = reverse("wagtail_bulk_action", args=["announcements", "announcement", "delete"])

    desk.post(f"{url}?id={doomed[0].pk}&id={doomed[1].pk}")

    assert [one.text for one in Announcement.objects.all()] == ["残る"]


def test_list_costs_the_same_at_1_and_at_30(desk: Client, django_assert_num_queries) -> None:
    for number in (1, 29):
        AnnouncementFactory.create_batch(number)
        desk.get(LIST)  # reads the frame of this generation

        with django_assert_num_queries(9):
            desk.get(LIST)


def test_nobody_without_the_permission_gets_there(client: Client) -> None:
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    announcement = AnnouncementFactory()

    statuses = {client.get(path).status_code for path in (LIST, f"{LIST}add/", f"{LIST}edit/{announcement.pk}/")}
    client.post(f"{LIST}add/", form())
    client.post(f"{LIST}delete/{announcement.pk}/")

    assert statuses == {403}
    assert Announcement.objects.get() == announcement
