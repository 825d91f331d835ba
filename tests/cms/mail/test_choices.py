"""Which mails a person gets: what is not official each may turn off, alone, also at a shared address."""

import pytest
from django.urls import reverse

from cms.mail.conf import mail_kinds
from cms.mail.enums import DeliveryState, Reason
from cms.mail.models import DeclinedKind, Delivery
from cms.mail.services.choices import choices_of, choices_set
from cms.mail.services.messages import Recipient, mail_enqueue
from cms.mail.services.privacy import declined_of, person_forget
from cms.mail.services.rendering import mail_preview
from cms.plugin_api.testing import plugin_disabled
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

URL = reverse("mail:choices")
OPTIONAL = "members.arrived"
OFFICIAL = "members.handover"


@pytest.fixture
def person(client):
    person = UserFactory(email="joho@example.jp")
    client.force_login(person)
    return person


def send(kind, *people):
    """Send a mail of a kind to people who share an address; return who was left out."""
    recipients = [Recipient("joho@example.jp", str(one), person_id=one.pk) for one in people]
    message = mail_enqueue(kind=kind, context=mail_kinds()[kind].context, recipients=recipients)
    left_out = message.deliveries.filter(state=DeliveryState.FAILED, reason=Reason.OPTED_OUT)
    return set(left_out.values_list("person_id", flat=True))


def test_what_is_turned_off_is_not_sent_and_a_colleague_at_the_address_gets_it(client, person):
    colleague = UserFactory(email="joho@example.jp")

    assert client.post(URL, {}).headers["Location"] == URL

    assert send(OPTIONAL, person, colleague) == {person.pk}
    assert Delivery.objects.get(person=colleague).state == DeliveryState.QUEUED


def test_what_is_turned_on_again_is_sent(client, person):
    client.post(URL, {})
    client.post(URL, {OPTIONAL: "on"})

    assert send(OPTIONAL, person) == set()
    assert not DeclinedKind.objects.exists()


def test_official_ones_stay_ticked_whatever_is_posted(client, person):
    client.post(URL, {OFFICIAL: "", "mail.notice": ""})

    assert send(OFFICIAL, person) == set()
    page = client.get(URL).text
    for kind in (OFFICIAL, "mail.notice", "accounts.password_reset"):
        assert f'name="{kind}"' in page
        (field,) = [line for line in page.split("<input") if f'name="{kind}"' in line.partition(">")[0]]
        assert {"checked", "disabled"} <= set(field.partition(">")[0].split())
    assert not DeclinedKind.objects.filter(kind=OFFICIAL).exists()


def test_even_a_row_of_an_official_kind_holds_nothing_back(person):
    DeclinedKind.objects.create(person=person, kind=OFFICIAL)

    assert send(OFFICIAL, person) == set()
    assert all(choice.wanted for choice in choices_of(person=person) if choice.kind.official)


def test_unknown_kinds_are_ignored(client, person):
    client.post(URL, {OPTIONAL: "on", "no.such": "on"})

    assert not DeclinedKind.objects.exists()


def test_somebody_elses_choice_is_not_touched(client, person):
    other = UserFactory()
    choices_set(person=other, wanted=[])

    client.post(URL, {OPTIONAL: "on"})

    assert DeclinedKind.objects.get().person == other


def test_kind_of_a_plugin_that_is_off_is_not_offered_and_kept(client, person):
    client.post(URL, {})
    with plugin_disabled("members"):
        assert OPTIONAL not in client.get(URL).text
        client.post(URL, {})
    assert DeclinedKind.objects.get().kind == OPTIONAL


@pytest.mark.parametrize("language", ["ja", "en"])
def test_such_a_mail_says_where_it_is_turned_off(language):
    preview = mail_preview(kind=OPTIONAL, language=language)

    assert "/accounts/mail/" in preview.text
    assert "/accounts/mail/" in preview.html
    assert "/accounts/mail/" not in mail_preview(kind=OFFICIAL, language=language).text


def test_visitor_is_asked_to_log_in_and_the_menu_leads_there(client, person):
    assert f'href="{URL}"' in client.get(reverse("account_home")).text
    client.logout()

    for answer in (client.get(URL), client.post(URL, {})):
        assert reverse("account_login") in answer.headers["Location"]


def test_staff_find_their_notices_about_drafts(client, person):
    assert reverse("wagtailadmin_account") not in client.get(URL).text
    client.force_login(UserFactory(is_superuser=True))

    assert reverse("wagtailadmin_account") in client.get(URL).text


def test_person_is_told_of_it_and_forgotten(client, person):
    client.post(URL, {})
    assert [row["メールの種類"] for row in declined_of(person=person)] == ["案内した方の登録完了"]

    person_forget(person=person, neutral_name="元担当者")

    assert not DeclinedKind.objects.exists()
