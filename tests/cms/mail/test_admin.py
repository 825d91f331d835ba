"""What staff see in the admin and do there, and what nobody else may."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.mail.conf import MailKind
from cms.mail.enums import DeliveryState, Reason, SuspensionCause
from cms.mail.models import Delivery, DomainPace, MailboxItem, Message, Suppression
from cms.mail.services.messages import Recipient
from cms.mail.services.sending import outbox_send
from cms.mail.urls.admin import urlpatterns
from cms.plugin_api.services import plugin_toggle
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.mail import make_delivery, make_message, sample_addresses

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    """Somebody of the secretariat, logged in."""
    person = UserFactory(last_name="見本", first_name="事務局", email="jimu@example.jp")
    names = ["access_admin", "view_message", "add_message", "change_delivery", "view_suppression", "change_suppression",
             "view_mailboxitem", "view_domainpace", "add_domainpace", "change_domainpace"]  # fmt: skip
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(person)
    return person


def put(delivery: Delivery, state: str, **values) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, finished_at=timezone.now(), **values)
    delivery.refresh_from_db()
    return delivery


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(f"mail_admin:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_messages_are_listed_with_numbers_that_lead_to_their_rows(client, staff):
    message = make_message(sample_addresses(5))
    first, second, *_rest = message.deliveries.order_by("pk")
    put(first, "sent", bounced_at=timezone.now())
    put(second, "unknown")

    text = page(client, "messages")

    assert "役員会の開催について" in text
    for state, count in [("bounced", 1), ("unknown", 1), ("queued", 3)]:
        url = f"{reverse('mail_admin:deliveries')}?message={message.pk}&amp;state={state}"
        assert f'<a href="{url}">{count}</a>' in text
        rows = client.get(url.replace("&amp;", "&")).context["object_list"]
        assert len(rows) == count


@pytest.mark.parametrize("name", ["messages", "deliveries", "suspensions", "mailbox"])
def test_lists_cost_the_same_at_one_and_at_thirty(client, staff, name):
    def fill(count: int) -> None:
        for number in range(count):
            organisation = OrganisationFactory()
            address = f"{name}-{number}-{count}@example.jp"
            make_message([Recipient(address, person_id=staff.pk, organisation_id=organisation.pk)])
            Suppression.objects.create(address=f"x{address}", cause="bounce", organisation=organisation, person=staff)
        outbox_send()

    def queries() -> int:
        page(client, name)  # a new organisation moves the generation on: the frame is read anew, once
        with CaptureQueriesContext(connection) as captured:
            page(client, name)
        return len(captured)

    fill(1)
    first = queries()
    fill(29)

    assert queries() == first
    assert first <= 16


def test_history_of_an_address_a_person_and_an_organisation(client, staff):
    organisation = OrganisationFactory()
    make_message([Recipient("taro@example.jp", person_id=staff.pk, organisation_id=organisation.pk)], subject="第1号")
    make_message(["jiro@example.jp"], subject="第2号")

    for query in [{"q": "TARO@example.jp".lower()}, {"person": staff.username}, {"organisation": organisation.name}]:
        text = page(client, "deliveries", **query)
        assert "第1号" in text
        assert "第2号" not in text


def test_message_shows_its_words_and_is_cancelled_by_post_only(client, staff):
    message = make_message(sample_addresses(3), text="第1回役員会を<b>開催</b>します。")
    url = reverse("mail_admin:message_cancel", args=[message.pk])

    assert "第1回役員会を&lt;b&gt;開催&lt;/b&gt;します。" in page(client, "message", message.pk)
    assert client.get(url).status_code == 405
    response = client.post(url, follow=True)

    assert "3件の送信を取り消しました。" in response.content.decode()
    assert message.deliveries.filter(state="cancelled").count() == 3


def test_body_of_a_mail_that_lets_its_reader_in_is_shown_to_nobody(client, staff):
    message = make_message(text="https://www.example.jp/reset/secret", confidential=True)

    text = page(client, "message", message.pk)

    assert "reset/secret" not in text
    assert "ここでは閲覧できず" in text


def test_deliveries_are_found_by_the_name_of_whom_they_were_for(client, staff):
    organisation = OrganisationFactory(name="見本市", kana="ミホンシ", code="131016")
    person = UserFactory(last_name="試料", first_name="太郎", username="t-shiryo")
    message = make_message(
        [Recipient("a@example.jp", organisation_id=organisation.pk), Recipient("b@example.jp", person_id=person.pk)],
        subject="役員会の開催について",
    )
    make_message(["c@example.jp"], subject="別の件")

    def found(**query) -> list[str]:
        response = client.get(reverse("mail_admin:deliveries"), query)
        return sorted(row.address for row in response.context["object_list"])

    for words in ("見本", "ﾐﾎﾝ", "１３１０１６"):
        assert found(organisation=words) == ["a@example.jp"]
    assert found(person="太郎 試料") == found(person="t-shiryo") == ["b@example.jp"]
    assert found(subject="役員会") == found(message=message.pk) == ["a@example.jp", "b@example.jp"]
    assert found(organisation="どこにもない") == found(person=str(person.pk + 1000)) == []
    shown = client.get(reverse("mail_admin:deliveries"), {"message": message.pk}).context["active_filters"]
    assert [one.value for one in shown] == ["役員会の開催について"]


@pytest.mark.parametrize("who", ["person", "organisation"])
def test_what_somebody_was_sent_is_one_click_from_their_form(client, staff, who):
    organisation, person = OrganisationFactory(), UserFactory()
    make_message([Recipient("a@example.jp", organisation_id=organisation.pk, person_id=person.pk), "b@example.jp"])
    form, one = {
        "person": ("wagtailusers_users:edit", person),
        "organisation": ("organisations:edit", organisation),
    }[who]
    url = reverse(f"mail_admin:sent_to_{who}", args=[one.pk])
    change = Permission.objects.filter(codename__in=["change_user", "change_organisation"])
    staff.user_permissions.add(*change)

    assert f'href="{url}"' in client.get(reverse(form, args=[one.pk])).content.decode()
    response = client.get(url, {"state": "queued"})
    assert [row.address for row in response.context["object_list"]] == ["a@example.jp"]
    assert str(one) in response.content.decode()
    assert client.get(reverse(f"mail_admin:sent_to_{who}", args=[10**6])).status_code == 404

    staff.user_permissions.remove(Permission.objects.get(codename="view_message"))
    assert f'href="{url}"' not in client.get(reverse(form, args=[one.pk])).content.decode()


def test_failed_deliveries_are_tried_again(client, staff):
    message = make_message(sample_addresses(2))
    for delivery in message.deliveries.all():
        put(delivery, "failed", reason=Reason.REJECTED, due_at=None)

    client.post(reverse("mail_admin:message_retry", args=[message.pk]))

    assert message.deliveries.filter(state="queued").count() == 2


def test_unknown_delivery_is_decided_with_what_was_found_out(client, staff):
    delivery = put(make_delivery(), "unknown", due_at=None)
    assert "Message-ID" in page(client, "delivery", delivery.pk)
    url = reverse("mail_admin:unknown_resolve", args=[delivery.pk])

    assert "確認の結果を選択してください" in client.post(url, follow=True).content.decode()
    client.post(url, {"outcome": "arrived"})

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert delivery.events.get().by_name == "見本 事務局"
    assert "既に確認結果が記録されています" in client.post(url, {"outcome": "missing"}, follow=True).content.decode()


def test_delivery_is_cancelled_and_tried_again(client, staff):
    delivery = make_delivery()

    client.post(reverse("mail_admin:delivery_cancel", args=[delivery.pk]))
    assert Delivery.objects.get().state == DeliveryState.CANCELLED
    client.post(reverse("mail_admin:delivery_retry", args=[delivery.pk]))

    assert Delivery.objects.get().state == DeliveryState.QUEUED
    assert [event.action for event in delivery.events.all()] == ["cancelled", "retried"]


def test_refused_address_says_why(client, staff):
    delivery = make_delivery("a..b@docomo.ne.jp")

    assert "点（.）が連続" in page(client, "delivery", delivery.pk)


def test_refused_address_says_why_in_the_language_of_who_looks(client, staff):
    delivery = make_delivery("a..b@docomo.ne.jp")
    client.cookies["kairan_language"] = "en"

    for words in (page(client, "deliveries"), page(client, "delivery", delivery.pk)):
        assert "two dots in a row" in words
        assert "点（.）" not in words


def test_suspended_addresses_are_listed_for_telephoning(client, staff):
    organisation = OrganisationFactory(name="見本市", telephone="03-0000-0000")
    suppression = Suppression.objects.create(
        address="taro@example.jp", cause=SuspensionCause.BOUNCE, detail="550 no such user", organisation=organisation
    )

    text = page(client, "suspensions")
    assert all(words in text for words in ["taro@example.jp", "見本市", "03-0000-0000", "550 no such user"])

    client.post(reverse("mail_admin:confirmation_send", args=[suppression.pk]))
    assert Delivery.objects.get().state == DeliveryState.QUEUED
    client.post(reverse("mail_admin:suspension_lift", args=[suppression.pk]))

    suppression.refresh_from_db()
    assert suppression.lifted_by_name == "見本 事務局"
    assert "taro@example.jp" not in page(client, "suspensions")
    assert "解除" in page(client, "suspension", suppression.pk)


def test_address_is_suspended_by_hand(client, staff):
    client.post(reverse("mail_admin:suspend"), {"address": "Taro@example.jp", "detail": "電話で申出"})

    suppression = Suppression.objects.active().get()
    assert (suppression.address, suppression.cause) == ("taro@example.jp", SuspensionCause.MANUAL)


def test_test_mail_is_queued_and_arrives_in_the_mailbox(client, staff):
    response = client.post(reverse("mail_admin:test"), {"address": "jimu@example.jp"})
    assert response["Location"] == reverse("mail_admin:message", args=[Message.objects.get().pk])
    outbox_send()
    item = MailboxItem.objects.get()

    assert "試験メール" in page(client, "mailbox")
    assert "このメールが読めていれば" in page(client, "mailbox_item", item.pk)
    download = client.get(reverse("mail_admin:mailbox_download", args=[item.pk]))
    assert download.content == bytes(item.octets)
    assert download["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("transport", "words"),
    [
        ("smtp.SmtpTransport", "mail.example.jp:587 から実際に送信"),
        ("mailbox.MailboxTransport", "外部には送信されません（デモ）"),
    ],
)
def test_staff_read_whether_mail_goes_out_for_real(client, staff, settings, transport, words):
    settings.MAIL_TRANSPORT = f"cms.mail.transports.{transport}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.jp", 587

    assert words in page(client, "messages")
    assert words in page(client, "test")


def test_test_mail_to_a_bad_address_is_explained(client, staff):
    response = client.post(reverse("mail_admin:test"), {"address": "a..b@docomo.ne.jp"})

    assert "点（.）が連続" in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_html_of_a_mail_runs_nothing(client, staff, evil):
    make_message(text=evil, html=f"<p>{evil}</p>", subject=evil)
    outbox_send()
    item = MailboxItem.objects.get()

    frame = client.get(reverse("mail_admin:mailbox_html", args=[item.pk]))
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert evil not in page(client, "mailbox_item", item.pk)
    assert evil not in page(client, "messages")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_templates_are_shown_with_sample_data(client, staff, language):
    assert "mail.confirm_address" in page(client, "templates")

    text = page(client, "template", "mail.confirm_address", language)
    assert "ACDE-F346" in text
    frame = client.get(reverse("mail_admin:template_html", args=["mail.confirm_address", language]))
    assert "ACDE-F346" in frame.content.decode()
    assert client.get(reverse("mail_admin:template", args=["no.such", language])).status_code == 404


def test_templates_of_a_plugin_that_is_off_are_not_shown(client, staff, monkeypatch):
    kind = MailKind(slug="dummy.hello", label="Zebra", template="mail/mail/confirm_address")
    monkeypatch.setattr(apps.get_app_config("dummy"), "mail_kinds", (kind,), raising=False)
    address = reverse("mail_admin:template", args=["dummy.hello", "ja"])

    assert "Zebra" in page(client, "templates")
    plugin_toggle(slug="dummy", on=False, by=None)
    assert "Zebra" not in page(client, "templates")
    assert client.get(address).status_code == 404


def test_pace_of_a_domain_is_set(client, staff):
    response = client.post(reverse("mail_paces:add"), {"domain": "Docomo.ne.jp", "per_minute": "60"})

    assert response.status_code == 302
    assert DomainPace.objects.get().domain == "docomo.ne.jp"


def every_address() -> list[str]:

    values = {"pk": 1, "slug": "mail.test", "language": "ja"}
    return [
        reverse(f"mail_admin:{pattern.name}", kwargs={name: values[name] for name in pattern.pattern.converters})
        for pattern in urlpatterns
    ]


@pytest.mark.parametrize("who", ["visitor", "member", "editor"])
@pytest.mark.parametrize("url", every_address())
def test_nobody_else_gets_in(client, who, url):
    delivery = make_delivery()
    Suppression.objects.create(address="x@example.jp", cause="bounce")
    outbox_send()
    if who != "visitor":
        person = UserFactory()
        if who == "editor":
            person.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(person)

    for response in (client.get(url), client.post(url)):
        assert response.status_code in {302, 403, 404, 405}
        assert "taro@example.jp" not in response.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def bulk(action: str, *chosen: Message) -> str:
    query = "&".join(f"id={message.pk}" for message in chosen) or "id=all&next=/admin/mail/%3Fq%3D総会"
    return f"{reverse('wagtail_bulk_action', args=['mail', 'message', action])}?{query}"


def test_several_messages_are_cancelled_at_once_and_told_with_numbers(client, staff):
    chosen = [make_message(sample_addresses(2)) for _number in range(2)]
    other = make_message(sample_addresses(1))
    put(chosen[0].deliveries.first(), "sent")
    address = f"{bulk('cancel_waiting', *chosen)}&next=/admin/mail/"

    asked = client.get(address).content.decode()
    told = client.post(address, follow=True).content.decode()

    assert "役員会の開催について" in asked
    assert "3件の送信を取り消しました。" in told
    assert set(Delivery.objects.filter(state="queued")) == set(other.deliveries.all())
    assert "送信待ちのものはありませんでした。" in client.post(address, follow=True).content.decode()


def test_several_messages_are_tried_again_and_what_cannot_be_is_counted(client, staff):
    chosen = [make_message(sample_addresses(2)) for _number in range(2)]
    first, second = chosen[0].deliveries.order_by("pk")
    put(first, "failed", reason=Reason.REJECTED)
    put(second, "failed", reason=Reason.ADDRESS_REFUSED)

    told = client.post(f"{bulk('try_again', *chosen)}&next=/admin/mail/", follow=True).content.decode()

    assert "1件を再送信待ちにしました。" in told
    assert "1件は再送信できないため、そのままです。" in told
    second.refresh_from_db()
    assert second.state == "failed"


def test_all_that_the_list_shows_are_those_of_its_search(client, staff):
    chosen, other = make_message(sample_addresses(1), subject="総会"), make_message(sample_addresses(1))

    client.post(bulk("cancel_waiting"))

    assert [chosen.deliveries.get().state, other.deliveries.get().state] == ["cancelled", "queued"]


@pytest.mark.parametrize("action", ["cancel_waiting", "try_again"])
def test_who_may_only_look_at_mail_neither_ticks_nor_acts(client, staff, action):
    message = make_message(sample_addresses(1))
    assert "data-bulk-action-checkbox" in page(client, "messages")
    staff.user_permissions.remove(Permission.objects.get(codename="change_delivery"))

    assert client.post(bulk(action, message)).status_code in {302, 403}

    assert "data-bulk-action-checkbox" not in page(client, "messages")
    assert message.deliveries.get().state == "queued"


@pytest.mark.parametrize("name", ["messages", "deliveries", "suspensions", "mailbox"])
def test_search_while_somebody_types_fetches_rows_without_the_frame(client, staff, name):
    url = reverse(f"mail_admin:{name}")

    fetched = client.get(url, {"q": "x"}, headers={"X-Requested-With": "XMLHttpRequest"}).content.decode()

    assert ["listing-results" in fetched, "<html" in fetched] == [False, False]
    assert "<html" in page(client, name, q="x")
