"""Enquiries at the desk of the secretariat."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cms.contact.models import ContactSettings, Enquiry
from tests.factories.accounts import UserFactory
from tests.factories.contact import EnquiryFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/contact/"


@pytest.fixture
def desk(client: Client) -> Client:
    """The secretariat, without being an administrator."""
    person = UserFactory()
    codes = ["access_admin", "view_enquiry", "change_enquiry", "delete_enquiry"]
    person.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    client.force_login(person)
    return client


def test_answering_is_noted_with_time_and_history(desk: Client) -> None:
    enquiry = EnquiryFactory(subject="元の件名")

    desk.post(f"{LIST}edit/{enquiry.pk}/", {"state": "done", "note": "電話で回答", "subject": "書換え"})

    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.note, enquiry.subject) == ("done", "電話で回答", "元の件名")
    assert enquiry.done_at is not None
    assert ModelLogEntry.objects.filter(action="wagtail.edit", object_id=str(enquiry.pk)).count() == 1


def test_deletion_says_which_one_is_gone(desk: Client) -> None:
    enquiry = EnquiryFactory()

    html = desk.post(f"{LIST}delete/{enquiry.pk}/", follow=True).content.decode()

    assert f"お問合せ「お問合せ {enquiry.pk}」を削除しました。" in html
    assert not Enquiry.objects.exists()


def test_reopening_forgets_the_time(desk: Client) -> None:
    enquiry = EnquiryFactory()
    for state in ("done", "open"):
        desk.post(f"{LIST}edit/{enquiry.pk}/", {"state": state, "note": ""})

    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.done_at) == ("open", None)


def test_what_was_written_is_shown_and_escaped(desk: Client) -> None:
    enquiry = EnquiryFactory(text="<script>alert(1)</script>\n二行目", subject="<b>太字</b>")

    for path in (LIST, f"{LIST}edit/{enquiry.pk}/"):
        html = desk.get(path).content.decode()
        assert "&lt;b&gt;太字" in html
        assert "<script>alert(1)" not in html
    assert "&lt;/script&gt;<br>二行目" in html


def test_list_is_narrowed_and_searched(desk: Client) -> None:
    EnquiryFactory(subject="入会の件", state="done", done_at="2009-06-09T00:00Z")
    EnquiryFactory(subject="資料の件")

    done = desk.get(LIST, {"state": "done"}).content.decode()
    found = desk.get(LIST, {"q": "資料"}).content.decode()

    assert ["入会の件" in done, "資料の件" in done] == [True, False]
    assert ["入会の件" in found, "資料の件" in found] == [False, True]


def test_several_are_marked_as_answered_at_once(desk: Client) -> None:
    chosen = EnquiryFactory.create_batch(2)
    EnquiryFactory(subject="残る")
    url = reverse("wagtail_bulk_action", args=["contact", "enquiry", "settle"])
    address = f"{url}?id={chosen[0].pk}&id={chosen[1].pk}"

    asked = desk.get(address)
    desk.post(address)

    assert "対応済にします" in asked.content.decode()
    assert list(Enquiry.objects.open().values_list("subject", flat=True)) == ["残る"]


def test_export_holds_no_formula_and_opens_in_japanese_excel(desk: Client) -> None:
    for start in "=+-@＝":
        EnquiryFactory(subject=f"{start}cmd")

    csv = b"".join(desk.get(LIST, {"export": "csv"}).streaming_content)
    xlsx = b"".join(desk.get(LIST, {"export": "xlsx"}).streaming_content)

    assert csv.startswith(b"\xef\xbb\xbf")
    lines = csv.decode("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert all(",'" in line for line in lines[1:])
    rows = list(load_workbook(BytesIO(xlsx)).active.values)
    assert {row[6][0] for row in rows[1:]} == {"'"}


def test_nobody_adds_an_enquiry_by_hand(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(f"{LIST}add/").status_code == 403
    assert f"{LIST}add/" not in client.get(LIST).content.decode()


def test_others_see_nothing(client: Client) -> None:
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    enquiry = EnquiryFactory()
    bulk = reverse("wagtail_bulk_action", args=["contact", "enquiry", "settle"])

    statuses = {client.get(path).status_code for path in (LIST, f"{LIST}edit/{enquiry.pk}/", f"{LIST}?export=csv")}
    client.post(f"{bulk}?id={enquiry.pk}")

    assert statuses == {403}
    assert Enquiry.objects.open().count() == 1


def test_who_may_only_read_cannot_settle(client: Client) -> None:
    person = UserFactory()
    person.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_enquiry"]))
    client.force_login(person)
    enquiry = EnquiryFactory()
    bulk = reverse("wagtail_bulk_action", args=["contact", "enquiry", "settle"])

    client.post(f"{bulk}?id={enquiry.pk}")
    client.post(f"{LIST}edit/{enquiry.pk}/", {"state": "done", "note": ""})

    assert Enquiry.objects.open().count() == 1


def test_list_costs_the_same_at_1_and_at_30(desk: Client, django_assert_num_queries) -> None:
    for number in (1, 29):
        EnquiryFactory.create_batch(number)
        desk.get(LIST)

        with django_assert_num_queries(11):
            desk.get(LIST)


def test_log_names_nobody(desk: Client) -> None:
    enquiry = EnquiryFactory(name="見本 太郎", subject="内密の件")
    desk.post(f"{LIST}edit/{enquiry.pk}/", {"state": "done", "note": ""})
    desk.post(f"{LIST}delete/{enquiry.pk}/")

    labels = " ".join(ModelLogEntry.objects.values_list("label", flat=True))
    assert labels
    assert "内密" not in labels
    assert "太郎" not in labels


def test_settings_name_the_address_that_cannot_be_mailed() -> None:
    with pytest.raises(ValidationError) as refusal:
        ContactSettings(recipients="jimu@example.jp\na..b@docomo.ne.jp").full_clean()

    assert "a..b@docomo.ne.jp:" in refusal.value.message_dict["recipients"][0]


def test_settings_are_changed_by_those_who_may(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))
    url = reverse("wagtailsettings:edit", args=["contact", "contactsettings", 1])
    ContactSettings.load()

    client.post(url, {"recipients": "jimu@example.jp", "intro": "", "keep_days": "90"})

    assert ContactSettings.load().keep_days == 90
