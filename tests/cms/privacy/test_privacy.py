"""One's own data, and the erasure of somebody: what is given, what goes, what stays."""

import datetime as dt
import json

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from cms.accounts.models import Affiliation, Organisation, User
from cms.accounts.services import desk_hand_over
from cms.calendar import today
from cms.mail.enums import DeliveryState, SuspensionCause
from cms.mail.models import Delivery, DeliveryEvent, Message, OptOut, Suppression
from cms.mail.services.claims import Finish, delivery_step
from cms.mail.services.messages import Recipient, message_enqueue
from cms.plugin_api.testing import plugin_disabled
from cms.privacy.services import erasure_plan, person_erase
from plugins.members.enums import RegisterUse
from plugins.members.models import OfficerTerm, RegisterAccess
from plugins.members.services.uses import use_record
from tests.factories.accounts import AffiliationFactory, UserFactory
from tests.factories.members import OfficerTermFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

OWN = reverse("privacy:own_data")
DOWNLOAD = reverse("privacy:download")


@pytest.fixture
def person():
    """Somebody who sat until yesterday, got a mail, represented an office and looked into the register."""
    row = AffiliationFactory(person__last_name="個人", person__first_name="花子", ends_on=today())
    message_enqueue(
        kind="mail.test",
        subject="試験の件名",
        text="x",
        recipients=[Recipient(row.person.email, "個人 花子", person_id=row.person.pk)],
    )
    OfficerTermFactory(
        organisation=row.organisation,
        representative=row.person,
        representative_name="個人 花子",
        representative_role="課長",
    )
    use_record(person=row.person, use=RegisterUse.LIST)
    return row.person


@pytest.fixture
def staff():
    return UserFactory(is_superuser=True)


@pytest.fixture
def in_charge(person):
    """The same person, still on the seat: who has left it is logged in no more."""
    Affiliation.objects.update(ends_on=None)
    return person


def everything_written():
    """Return what the tables hold about people, as text."""
    rows = [
        *User.objects.values_list("username", "last_name", "first_name", "email"),
        *Delivery.objects.values_list("address", "name"),
        *OfficerTerm.objects.values_list("representative_name", "representative_role"),
        *RegisterAccess.objects.values_list("person_name"),
    ]
    return " ".join(str(cell) for row in rows for cell in row)


def test_person_sees_and_downloads_what_is_kept(client, in_charge):
    client.force_login(in_charge)

    page = client.get(OWN).text
    answer = client.get(DOWNLOAD)
    data = json.loads(answer.content)

    assert "個人" in page
    assert "試験の件名" in page
    assert data["account"]["rows"][0]["ID"] == in_charge.username
    assert {row["団体"] for row in data["seats"]["rows"]} == {Organisation.objects.get().name}
    assert len(data["members.offices"]["rows"]) == len(data["mail"]["rows"]) == 1
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "password" not in answer.text


def test_nobody_gets_the_data_of_somebody_else(client, person):
    other = UserFactory()
    client.force_login(other)

    assert "個人" not in client.get(OWN).text
    assert "試験の件名" not in client.get(DOWNLOAD).text


@pytest.mark.parametrize("url", [OWN, DOWNLOAD])
def test_visitor_is_sent_to_log_in(client, url):
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_data_of_a_plugin_that_is_off_is_given_all_the_same(client, in_charge):
    client.force_login(in_charge)

    with plugin_disabled("members"):
        assert len(json.loads(client.get(DOWNLOAD).content)["members.offices"]["rows"]) == 1


def test_plan_says_what_would_happen_and_changes_nothing(person, staff):
    before = everything_written()

    lines = {str(line.label): line.count for line in erasure_plan(person=person, by=staff)}

    assert lines["氏名を消す役員の任期"] == 1
    assert everything_written() == before


def test_erased_person_is_named_nowhere_and_what_was_written_keeps_organisation_and_role(person, staff):
    secrets = ("個人", "花子", person.email, person.username)

    person_erase(person=person, by=staff)

    assert not [secret for secret in secrets if secret in everything_written()]
    term = OfficerTerm.objects.get()
    assert (term.representative_name, term.representative_role) == ("元担当者", "課長")
    assert str(Affiliation.objects.get().person) == "元担当者"
    assert Delivery.objects.get().state == "cancelled"


@pytest.mark.parametrize("are_keys_kept", [True, False])
@pytest.mark.parametrize("leaves", [True, False])
def test_histories_of_desks_and_pages_that_were_handed_over_name_nobody_who_is_erased(staff, leaves, are_keys_kept):
    clerk, other = UserFactory(last_name="個人", first_name="花子"), UserFactory(last_name="別の", first_name="職員")
    home = Page.objects.get(depth=2)
    home.owner, home.has_unpublished_changes = clerk if leaves else other, True
    home.save()
    desk_hand_over(person=clerk if leaves else other, to=other if leaves else clerk, by=staff)
    entries = [one for log in (ModelLogEntry, PageLogEntry) for one in log.objects.filter(action__endswith="handover")]
    assert sum("個人 花子" in str(entry.data) for entry in entries) == len(entries) == 3
    if not are_keys_kept:
        for entry in entries:
            entry.data = {key: value for key, value in entry.data.items() if not key.endswith("_id")}
            entry.save()

    person_erase(person=clerk, by=staff)

    for entry in entries:
        entry.refresh_from_db()
    assert not [entry for entry in entries if "個人" in str(entry.data)]
    (told,) = PageLogEntry.objects.filter(action="pages.handover").values_list("data", flat=True)
    assert {told["from"], told["to"]} == {"元担当者", "別の 職員"}


def test_person_sees_what_they_left_and_when_their_address_was_suspended(client, in_charge):
    OptOut.objects.create(list_id="dayori.example.jp", address=in_charge.email.lower())
    OptOut.objects.create(list_id="dayori.example.jp", address="other@example.jp")
    Suppression.objects.create(address=in_charge.email.lower(), cause=SuspensionCause.BOUNCE, detail="550 5.1.1")
    client.force_login(in_charge)

    data = json.loads(client.get(DOWNLOAD).content)

    assert [row["配信リスト"] for row in data["mail.lists"]["rows"]] == ["dayori.example.jp"]
    assert [row["通知の内容"] for row in data["mail.suspensions"]["rows"]] == ["550 5.1.1"]


def mail_about(person):
    """What the outbox holds of somebody: a mail without a person noted, their name as a value, a reply, a list left."""
    address = person.email
    alone = message_enqueue(
        kind="other", subject="件名", text="個人 花子 様", recipients=[Recipient(address)], reply_to=address
    )
    several = message_enqueue(
        kind="notice",
        subject="件名",
        text="{{who}} 様",
        placeholders=["who"],
        visible_to=[("個人 花子", address), ("", "jiro@example.jp")],
        recipients=[Recipient(address, person_id=person.pk, values={"who": "個人 花子"}), Recipient("jiro@example.jp")],
    )
    Delivery.objects.update(state="sent", finished_at=timezone.now(), due_at=None)
    Delivery.objects.filter(address=address).update(reply=f"<{address}> ok")
    DeliveryEvent.objects.create(
        delivery=several.deliveries.get(person_id=person.pk), action="bounced", reply=f"550 <{address}>"
    )
    OptOut.objects.create(list_id="dayori.example.jp", address=address.lower())
    Suppression.objects.create(address=address.lower(), cause=SuspensionCause.BOUNCE, detail=f"550 <{address}>")
    return alone, several


def written_in_the_outbox():
    models = (Message, Delivery, DeliveryEvent, OptOut, Suppression)
    return " ".join(str(list(model.objects.values())) for model in models)


def test_outbox_forgets_an_erased_person_and_nobody_else(person, staff):
    alone, several = mail_about(person)
    address, pk = person.email, person.pk

    person_erase(person=person, by=staff)

    text = written_in_the_outbox()
    for word in (address, "個人", "花子"):
        assert word not in text, text[max(text.find(word) - 300, 0) : text.find(word) + 60]
    alone.refresh_from_db()
    several.refresh_from_db()
    assert (alone.text, alone.reply_to, several.text) == ("", "", "{{who}} 様")
    assert several.visible_to == [["", "jiro@example.jp"]]
    assert several.deliveries.exclude(person_id=pk).get().address == "jiro@example.jp"


def test_address_that_others_share_stays_with_their_rows(person, staff):
    address = person.email
    UserFactory(email=address)
    mail_about(person)

    person_erase(person=person, by=staff)

    assert OptOut.objects.count() == Suppression.objects.count() == 1
    assert Delivery.objects.filter(person__isnull=True, address=address).count() == 1
    assert "個人 花子" not in str([list(Delivery.objects.values()), list(Message.objects.values("visible_to"))])


def test_erased_person_is_logged_out_and_cannot_log_in(client, person, staff):
    client.force_login(person)
    client.get(OWN)

    person_erase(person=person, by=staff)

    assert client.get(OWN).status_code == 302
    assert not UserSession.objects.filter(user=person).exists()
    stored = User.objects.get(pk=person.pk)
    assert (stored.is_active, stored.has_usable_password()) == (False, False)


def test_plugin_that_is_off_forgets_too(person, staff):
    with plugin_disabled("members"):
        person_erase(person=person, by=staff)

    assert OfficerTerm.objects.get().representative_name == "元担当者"


def test_where_a_plugin_fails_nothing_is_erased(person, staff, monkeypatch):
    before = everything_written()

    def broken(**kwargs):
        raise RuntimeError("the plugin is broken")

    monkeypatch.setattr("plugins.members.services.privacy.person_forget", broken)
    with pytest.raises(RuntimeError):
        person_erase(person=person, by=staff)

    assert everything_written() == before


@pytest.mark.parametrize("ends_on", [None, today() + dt.timedelta(days=1)])
def test_who_holds_a_seat_is_not_erased(person, staff, ends_on):
    AffiliationFactory(person=person, seat=Affiliation.objects.get().seat, starts_on=today(), ends_on=ends_on)

    with pytest.raises(ValidationError, match="引継ぎ"):
        person_erase(person=person, by=staff)


def test_nobody_is_erased_while_a_mail_to_them_is_being_sent(client, person, staff):
    claim = delivery_step(worker="w1")
    client.force_login(staff)
    url = reverse("privacy_erase", args=[person.pk])

    assert "送信中です" in client.get(url).text
    assert "送信中です" in client.post(url, follow=True).text
    assert User.objects.get(pk=person.pk).last_name == "個人"
    delivery_step(worker="w1", finish=Finish(claim.pk, DeliveryState.SENT), claim=False)
    assert client.post(url).status_code == 302

    assert Delivery.objects.get().address.startswith("erased-")
    assert User.objects.get(pk=person.pk).last_name == "元担当者"


def test_nobody_erases_themselves_or_an_administrator(staff):
    for other in (staff, UserFactory(is_superuser=True)):
        with pytest.raises(ValidationError):
            person_erase(person=other, by=staff)


def test_desk_asks_first_and_then_erases(client, person, staff):
    client.force_login(staff)
    url = reverse("privacy_erase", args=[person.pk])

    asked = client.get(url).text
    assert "元に戻せません" in asked
    assert User.objects.get(pk=person.pk).last_name == "個人"
    assert url in client.get(reverse("wagtailusers_users:index")).text

    assert client.post(url).status_code == 302
    assert User.objects.get(pk=person.pk).last_name == "元担当者"


def test_desk_says_why_not(client, staff):
    client.force_login(staff)
    url = reverse("privacy_erase", args=[AffiliationFactory().person.pk])

    assert "引継ぎ" in client.get(url).text
    assert "引継ぎ" in client.post(url, follow=True).text


def test_erasing_needs_its_right(client, person):
    other = UserFactory()
    other.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_user"]))
    client.force_login(other)

    assert client.get(reverse("privacy_erase", args=[person.pk])).status_code == 403
    assert client.post(reverse("privacy_erase", args=[person.pk])).status_code == 403
    assert User.objects.get(pk=person.pk).last_name == "個人"
