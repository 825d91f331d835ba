"""What staff do: cancel, try again, decide about an unknown one; and what the rules delete."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.mail.enums import DeliveryState, Reason, SuspensionCause
from cms.mail.models import Code, CodeFailure, Delivery, DeliveryEvent, MailboxItem, Message, Suppression
from cms.mail.services import retention
from cms.mail.services.deliveries import (
    deliveries_retry,
    delivery_cancel,
    delivery_retry,
    message_cancel,
    unknown_resolve,
)
from cms.mail.services.messages import Recipient
from cms.mail.services.privacy import person_forget
from cms.mail.services.retention import bodies_delete, codes_delete, confidential_delete
from cms.mail.services.sending import outbox_send
from tests.factories.accounts import UserFactory
from tests.factories.mail import make_delivery, make_message, sample_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def put(delivery: Delivery, state: DeliveryState, **values) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, finished_at=timezone.now(), worker="w", leased_until=timezone.now(), **values
    )
    delivery.refresh_from_db()
    return delivery


def test_cancelling_a_message_spares_what_is_gone_or_on_the_wire():
    message = make_message(sample_addresses(4))
    sent, sending, *_waiting = message.deliveries.order_by("pk")
    put(sent, DeliveryState.SENT)
    put(sending, DeliveryState.SENDING)

    assert message_cancel(message=message, by=UserFactory(last_name="見本", first_name="事務局")) == 2

    states = list(message.deliveries.order_by("pk").values_list("state", flat=True))
    assert states == ["sent", "sending", "cancelled", "cancelled"]
    assert message.deliveries.order_by("-pk")[0].events.get().by_name == "見本 事務局"


@pytest.mark.parametrize("count", [1, 30])
def test_many_are_cancelled_and_queued_again_in_as_many_queries_as_one(count, django_assert_num_queries):
    message = make_message(sample_addresses(count))

    with django_assert_num_queries(5):  # begin, choose, change, history, end
        assert message_cancel(message=message) == count
    with django_assert_num_queries(5):
        assert deliveries_retry(deliveries=message.deliveries.all()) == count

    assert message.deliveries.waiting().count() == count
    assert DeliveryEvent.objects.count() == 2 * count


@pytest.mark.parametrize("count", [1, 30])
def test_forgetting_a_person_costs_the_same_however_much_waits_for_them(count, django_assert_num_queries):
    person = UserFactory(email="taro@example.jp", last_name="見本", first_name="太郎")
    for _ in range(count):
        make_message(["taro@example.jp"], visible_to=[("見本 太郎", "taro@example.jp"), ("", "jiro@example.jp")])

    with django_assert_num_queries(28):
        assert person_forget(person=person, neutral_name="元担当者") == count

    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.CANCELLED}
    assert {str(shown) for shown in Message.objects.values_list("visible_to", flat=True)} == {
        "[['', 'jiro@example.jp']]"
    }


def test_single_delivery_is_cancelled_once():
    delivery = make_delivery()

    assert delivery_cancel(delivery=delivery) is True
    assert delivery_cancel(delivery=delivery) is False


def test_retry_sends_the_same_message_again(transport):
    delivery = put(make_delivery(), DeliveryState.FAILED, reason=Reason.REJECTED)

    delivery_retry(delivery=delivery)
    outbox_send(transport=transport)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert delivery.events.get().action == "retried"


@pytest.mark.parametrize("state", ["sent", "sending", "queued", "unknown"])
def test_retry_leaves_alone_what_has_not_failed(state):
    delivery = put(make_delivery(), state)

    assert delivery_retry(delivery=delivery) is False


def test_retry_of_a_refused_address_is_explained():
    with pytest.raises(ValidationError, match=r"two dots|点"):
        delivery_retry(delivery=make_delivery("a..b@docomo.ne.jp"))


def test_retry_of_a_suspended_address_is_refused():
    Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE)

    with pytest.raises(ValidationError):
        delivery_retry(delivery=make_delivery())


def test_retry_of_many_leaves_out_those_that_cannot_go():
    message = make_message(["a@example.jp", "a..b@docomo.ne.jp"])
    put(message.deliveries.get(address="a@example.jp"), DeliveryState.FAILED, reason=Reason.GAVE_UP)

    assert deliveries_retry(deliveries=message.deliveries.all()) == 1


def test_unknown_that_arrived_is_sent():
    delivery = put(make_delivery(), DeliveryState.UNKNOWN)

    assert unknown_resolve(delivery=delivery, arrived=True) is True

    delivery.refresh_from_db()
    assert (delivery.state, delivery.worker) == (DeliveryState.SENT, "")
    assert unknown_resolve(delivery=delivery, arrived=True) is False


def test_unknown_that_did_not_arrive_is_sent_once_more(transport):
    delivery = put(make_delivery(), DeliveryState.UNKNOWN)

    unknown_resolve(delivery=delivery, arrived=False)
    outbox_send(transport=transport)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert len(transport.handed) == 1


def test_old_bodies_go_and_the_record_stays(settings, transport):
    settings.MAIL_KEEP_BODIES_DAYS = 30
    message = make_message(
        [Recipient("taro@example.jp", values={"name": "太郎"})], text="{{name}}", placeholders=["name"]
    )
    outbox_send(transport=transport)

    assert bodies_delete(at=timezone.now() + dt.timedelta(days=29)) == 0
    assert bodies_delete(at=timezone.now() + dt.timedelta(days=31)) == 1
    assert bodies_delete(at=timezone.now() + dt.timedelta(days=31)) == 0

    message.refresh_from_db()
    assert (message.text, message.subject, message.is_readable) == ("", "役員会の開催について", False)
    assert message.deliveries.get().values == {}
    assert message.deliveries.get().state == DeliveryState.SENT


def test_body_that_is_still_to_be_sent_stays(settings):
    message = make_message()

    assert bodies_delete(at=timezone.now() + dt.timedelta(days=9999)) == 0
    assert Message.objects.get(pk=message.pk).text


def test_old_body_goes_although_nobody_ever_decided_whether_it_arrived(settings):
    settings.MAIL_KEEP_BODIES_DAYS = 30
    delivery = put(make_delivery(), DeliveryState.UNKNOWN, values={"name": "太郎"})

    assert bodies_delete(at=timezone.now() + dt.timedelta(days=29)) == 0
    assert bodies_delete(at=timezone.now() + dt.timedelta(days=31)) == 1

    delivery.refresh_from_db()
    assert (delivery.message.text, delivery.values, delivery.state) == ("", {}, DeliveryState.UNKNOWN)
    with pytest.raises(ValidationError, match=r"deleted by rule|削除"):
        unknown_resolve(delivery=delivery, arrived=False)
    assert unknown_resolve(delivery=delivery, arrived=True) is True


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.DEFERRED])
def test_old_body_stays_while_one_recipient_is_on_the_way(state):
    message = make_message(["taro@example.jp", "hanako@example.jp"])
    message.deliveries.update(state=DeliveryState.UNKNOWN)
    put(message.deliveries.get(address="taro@example.jp"), state)

    assert bodies_delete(at=timezone.now() + dt.timedelta(days=9999)) == 0


def test_message_that_lost_its_body_in_the_queue_reaches_nobody_empty(transport):
    delivery = make_delivery()
    Message.objects.update(text="", body_deleted_at=timezone.now())

    outbox_send(transport=transport)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.NOT_COMPOSED)
    assert transport.handed == []


def test_confidential_body_goes_as_soon_as_it_is_sent():
    message = make_message(confidential=True)
    make_message()
    assert confidential_delete() == 0
    outbox_send()

    assert confidential_delete() == 1

    message.refresh_from_db()
    assert message.text == ""
    assert MailboxItem.objects.exists()


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.UNKNOWN])
def test_confidential_body_that_was_not_sent_can_be_retried_until_the_night(state):
    message = make_message(["taro@example.jp", "hanako@example.jp"], confidential=True)
    outbox_send()
    message.deliveries.filter(address="taro@example.jp").update(state=state, reason="rejected")

    assert confidential_delete() == 0
    assert bodies_delete() == 1


def test_all_bodies_go_however_many(monkeypatch):
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    for number in range(5):
        make_message([f"{number}@example.jp"], confidential=True)
    outbox_send()

    assert bodies_delete() == 5


def test_message_without_its_body_is_not_sent_again(settings, transport):
    delivery = put(make_delivery(), DeliveryState.FAILED, reason=Reason.REJECTED)
    bodies_delete(at=timezone.now() + dt.timedelta(days=9999))
    delivery = Delivery.objects.get()

    with pytest.raises(ValidationError):
        delivery_retry(delivery=delivery)


def test_codes_of_long_ago_are_forgotten():
    now = timezone.now()
    Code.objects.create(purpose="x", digest="a", expires_at=now + dt.timedelta(hours=1))
    CodeFailure.objects.create(origin="192.0.2.1", at=now)

    assert codes_delete(at=now + dt.timedelta(days=29)) == 0
    assert codes_delete(at=now + dt.timedelta(days=32)) == 1
    assert not CodeFailure.objects.exists()
