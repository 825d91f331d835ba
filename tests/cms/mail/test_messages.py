"""Queueing: rows in the transaction of the cause, one a recipient, whatever the address is worth."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.mail.conf import AT_ONCE
from cms.mail.enums import DeliveryState, Reason, SuspensionCause, Urgency
from cms.mail.models import Delivery, Message, OptOut, Suppression
from cms.mail.services.messages import Recipient
from cms.mail.signals import mail_queued
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.mail import make_delivery, make_message, sample_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_each_recipient_gets_a_row_with_a_copy_of_the_address():
    person = UserFactory()

    message = make_message(
        [Recipient("Taro@Example.jp", "見本 太郎", person_id=person.pk, values={"seat": "正担当者"})]
    )

    delivery = message.deliveries.get()
    assert (delivery.address, delivery.address_key, delivery.domain) == (
        "Taro@Example.jp",
        "taro@example.jp",
        "example.jp",
    )
    assert (delivery.state, delivery.person, delivery.values) == (DeliveryState.QUEUED, person, {"seat": "正担当者"})
    assert delivery.due_at == AT_ONCE
    assert delivery.next_try_at is None


def test_nothing_is_queued_when_the_cause_is_rolled_back():
    with transaction.atomic():
        make_message()
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert not Delivery.objects.exists()


def test_workers_are_woken_after_the_commit_only(django_capture_on_commit_callbacks):
    heard = []
    mail_queued.connect(listener := lambda message, **kwargs: heard.append(message), weak=False)
    try:
        with django_capture_on_commit_callbacks(execute=False) as callbacks:
            message = make_message()
        assert heard == []
        callbacks[0]()
    finally:
        mail_queued.disconnect(listener)
    assert heard == [message]


def test_later_mail_wakes_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        make_message(due_at=timezone.now() + dt.timedelta(hours=1))

    assert callbacks == []


def test_same_address_gets_a_message_once_a_person():
    first, second = UserFactory(), UserFactory()

    message = make_message(
        [
            Recipient("joho@example.jp", person_id=first.pk),
            Recipient("JOHO@example.jp", person_id=first.pk),
            Recipient("joho@example.jp", person_id=second.pk),
            Recipient("joho@example.jp"),
            Recipient("joho@example.jp"),
        ]
    )

    assert sorted(message.deliveries.values_list("person", flat=True), key=str) == sorted(
        [first.pk, second.pk, None], key=str
    )


def test_database_refuses_a_second_row_for_an_address():
    delivery = make_delivery()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            message=delivery.message, address=delivery.address, address_key=delivery.address_key, due_at=timezone.now()
        )


@pytest.mark.parametrize(
    "address",
    ["a..b@docomo.ne.jp", ".a@docomo.ne.jp", "a.@docomo.ne.jp", "山田@example.jp", "a@", "nobody", "a b@example.jp",
     "a@example.jp\r\nBcc: x@example.jp", f"{'a' * 65}@example.jp", "<a@example.jp>"],
)  # fmt: skip
def test_address_that_cannot_be_mailed_is_kept_and_explained(address, transport):
    delivery = make_delivery(address)

    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.ADDRESS_REFUSED)
    assert delivery.reply
    assert delivery.due_at is None
    assert "\n" not in delivery.address


@pytest.mark.parametrize("address", ["taro@example.jp", "taro@日本語.jp", "ｔａｒｏ@example.jp", "a_b-c+d@x.y.lg.jp"])
def test_address_that_can_be_mailed_waits(address):
    assert make_delivery(address).state == DeliveryState.QUEUED


def test_japanese_domain_goes_over_the_wire_in_ascii():
    assert make_delivery("taro@日本語.jp").wire_address == "taro@xn--wgv71a119e.jp"


@pytest.mark.parametrize(
    "field",
    [
        {"subject": "a\r\nBcc: x@example.jp"},
        {"headers": {"X-A": "a\nb"}},
        {"headers": {"Bcc": "x@example.jp"}},
        {"headers": {"X A": "b"}},
        {"reply_to": "a\r\nb"},
        {"list_id": "a\nb"},
    ],
)
def test_header_injection_is_refused_and_nothing_written(field):
    with pytest.raises(ValidationError), transaction.atomic():
        make_message(**field)

    assert not Message.objects.exists()


def test_sender_cannot_smuggle_a_header_in():
    message = make_message(sender="a\r\nBcc: x@example.jp <s@example.jp>")

    assert "\n" not in message.sender_name + message.sender
    assert "\r" not in message.sender_name + message.sender


def test_unknown_placeholder_is_named_and_refused():
    with pytest.raises(ValidationError, match=r"\{\{nmae\}\}"), transaction.atomic():
        make_message(text="{{nmae}} 様", placeholders=["name"])


def test_text_without_placeholders_stays_literal():
    message = make_message(text="{{nmae}} {% url %} {name}")

    assert message.text == "{{nmae}} {% url %} {name}"


def test_html_without_text_is_refused():
    with pytest.raises(ValidationError):
        make_message(text="", html="<p>a</p>")


def test_suspended_address_gets_a_row_and_no_mail():
    Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE, detail="550 no such user")

    delivery = make_delivery("Taro@example.jp")

    assert (delivery.state, delivery.reason, delivery.reply) == (
        DeliveryState.FAILED, Reason.SUSPENDED, "550 no such user",
    )  # fmt: skip


def test_lifted_suspension_holds_nothing_up():
    Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE, lifted_at=timezone.now())

    assert make_delivery("taro@example.jp").state == DeliveryState.QUEUED


def test_suspended_address_falls_back_to_the_representative_one():
    organisation = OrganisationFactory(email="joho@example.jp")
    Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE)

    message = make_message([Recipient("taro@example.jp", "太郎", organisation_id=organisation.pk)])

    fallback = message.deliveries.get(address="joho@example.jp")
    assert fallback.state == DeliveryState.QUEUED
    assert fallback.fallback_for.address == "taro@example.jp"


def test_representative_address_that_has_the_message_gets_no_second():
    organisation = OrganisationFactory(email="joho@example.jp")
    Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE)

    message = make_message(
        [Recipient("taro@example.jp", organisation_id=organisation.pk), Recipient("Joho@example.jp")]
    )

    assert message.deliveries.count() == 2


def test_confidential_mail_never_falls_back():
    organisation = OrganisationFactory(email="joho@example.jp")
    Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE)

    message = make_message([Recipient("taro@example.jp", organisation_id=organisation.pk)], confidential=True)

    assert message.deliveries.count() == 1


def test_list_leaves_out_who_unsubscribed_from_it():
    OptOut.objects.create(list_id="news.example.jp", address="taro@example.jp")

    message = make_message(["taro@example.jp", "jiro@example.jp"], list_id="news.example.jp", one_click=True)
    other = make_message(["taro@example.jp"], list_id="other.example.jp", one_click=True)
    official = make_message(["taro@example.jp"])

    assert message.deliveries.get(reason=Reason.OPTED_OUT).address == "taro@example.jp"
    assert message.deliveries.waiting().get().address == "jiro@example.jp"
    assert other.deliveries.get().state == official.deliveries.get().state == DeliveryState.QUEUED


def test_one_click_needs_a_list():
    with pytest.raises(ValidationError):
        make_message(one_click=True)


@pytest.mark.parametrize(("count", "queries"), [(1, 5), (30, 5)])
def test_queueing_costs_the_same_for_one_and_for_many(count, queries, django_assert_num_queries):
    addresses = sample_addresses(count)

    with django_assert_num_queries(queries):
        message = make_message(addresses, urgency=Urgency.BULK)

    assert message.deliveries.count() == count


def test_numbers_of_a_message_count_what_came_back_apart():
    message = make_message(sample_addresses(5))
    rows = list(message.deliveries.order_by("pk"))
    Delivery.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(state="sent", finished_at=timezone.now())
    Delivery.objects.filter(pk=rows[0].pk).update(bounced_at=timezone.now())

    numbers = Message.objects.with_numbers().get(pk=message.pk)

    assert (numbers.recipient_count, numbers.sent_count, numbers.bounced_count, numbers.queued_count) == (5, 2, 1, 2)
